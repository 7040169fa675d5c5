/** nlwire/testing: tests of network code without root and without Linux, from recorded bytes. */
export { convertByteOrder } from './byte-order.js'
export { type CompareOptions, type Difference, describeDifferences, differences } from './compare.js'
export {
  type Answer,
  ack,
  type FakeKernel,
  type FakeKernelOptions,
  type FakeRequest,
  fakeKernel,
  type Handlers,
  type ListOptions,
  list,
  refuse,
  silence,
} from './fake-kernel.js'
export type { Delayed, Fault, FaultPlace, InterruptedDump, Overrun, Refused, Silent, Truncated } from './faults.js'
export { load, type Source, save } from './file.js'
export { type RecordingHost, type ReplayHost, type ReplayHostOptions, recordingHost, replayHost } from './host.js'
export { type Datagram, type Exchange, FixtureError, formatNl, type Lost, parseNl, type Recording } from './nl.js'
export { isPcap, PcapReader, readPcap } from './pcap.js'
export { LINKTYPE_NETLINK, type PcapDamage, PcapError, type PcapPacket } from './pcap-format.js'
export { type FromPcapOptions, fromPcap, toPcap } from './pcap-recording.js'
export { type PcapInput, writePcap } from './pcap-write.js'
export { pseudonyms, volatile } from './pseudonyms.js'
export { type RecordedTransport, type RecordOptions, record } from './record.js'
export { type Pseudonym, type Redact, redacted } from './redact.js'
export type { Refusal, Remark } from './refusal.js'
export { Replay, type ReplayOptions, replay } from './replay.js'
export { ReplayError } from './script.js'
export { stable } from './stable.js'
export {
  type TestHost,
  type TestHostOptions,
  type TestMode,
  type TestTransportOptions,
  testHost,
  testMode,
  testTransport,
  withTestHost,
} from './test-host.js'
