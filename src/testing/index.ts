/** nlwire/testing: tests of network code without root and without Linux, from recorded bytes. */

export {
  ack,
  type FakeAnswer,
  type FakeKernel,
  type FakeKernelOptions,
  type FakeRequest,
  fakeKernel,
  type Handlers,
  type ListOptions,
  list,
  refuse,
  type Special,
  type SpecialAnswer,
  silence,
} from './fake/fake-kernel.js'
export type { Refusal, Warning } from './fake/refusal.js'
export { type RecordingHost, type ReplayHost, type ReplayHostOptions, recordingHost, replayHost } from './host.js'
export { isPcap, PcapReader, readPcap } from './pcap/pcap.js'
export { LINKTYPE_NETLINK, type PcapDamage, PcapError, type PcapPacket } from './pcap/pcap-format.js'
export { type FromPcapOptions, fromPcap, toPcap } from './pcap/pcap-recording.js'
export { type PcapInput, writePcap } from './pcap/pcap-write.js'
export { convertByteOrder } from './recording/byte-order.js'
export { load, type Source, save } from './recording/file.js'
export { identities } from './recording/identities.js'
export {
  type Datagram,
  type Exchange,
  FixtureError,
  formatNl,
  type Lost,
  parseNl,
  type Recording,
} from './recording/nl.js'
export { pseudonyms, volatile } from './recording/pseudonyms.js'
export { type RecordedTransport, type RecordOptions, record } from './recording/record.js'
export { redacted, redactedRecording } from './recording/redact.js'
export type { Pseudonym, Redact } from './recording/redact-options.js'
export { stable } from './recording/stable.js'
export { type CompareOptions, type Difference, describeDifferences, differences } from './replay/compare.js'
export type {
  Delayed,
  Fault,
  FaultPlace,
  InterruptedDump,
  OverrunFault,
  Refused,
  Silent,
  Truncated,
} from './replay/faults.js'
export { Replay, type ReplayOptions, replay } from './replay/replay.js'
export { ReplayError, type Script, type ScriptOptions } from './replay/script.js'
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
