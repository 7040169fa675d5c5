/** The records of a pcap file, in microseconds or nanoseconds. */
import { type CaptureFormat, LARGEST, MICROSECONDS, NANOSECONDS, RECORD_HEADER, requireNetlink } from './pcap-format.js'

/** The byte order of a file by its magic number; undefined when it is no pcap file. */
export function pcapOrder(start: DataView): { little: boolean; nano: boolean } | undefined {
  for (const little of [true, false]) {
    const magic = start.getUint32(0, little)
    if (magic === MICROSECONDS || magic === NANOSECONDS) return { little, nano: magic === NANOSECONDS }
  }
  return undefined
}

/**
 * The records behind a file's header, which must be there.
 * @throws PcapError when it is a capture of anything but netlink
 */
export function pcapRecords(start: DataView, { little, nano }: { little: boolean; nano: boolean }): CaptureFormat {
  // The upper bits say whether frames end with a checksum.
  requireNetlink(start.getUint32(20, little) & 0x0fffffff, 20)
  let number = 0
  return {
    little,
    next(view, at) {
      const left = view.byteLength - at - RECORD_HEADER
      if (left < 0) return undefined
      const length = view.getUint32(at + 8, little)
      if (length > LARGEST) return `packet ${number + 1} cannot have ${length} bytes: the file is damaged here`
      if (left < length) return undefined
      number++
      const packet = {
        at: RECORD_HEADER,
        length,
        original: view.getUint32(at + 12, little),
        seconds: view.getUint32(at, little),
        nanoseconds: view.getUint32(at + 4, little) * (nano ? 1 : 1000),
        number,
      }
      return { length: RECORD_HEADER + length, packet }
    },
    missing: (view) =>
      view.byteLength < RECORD_HEADER
        ? `the file ends within the header of packet ${number + 1}`
        : `the file ends within packet ${number + 1}: ${view.getUint32(8, little)} bytes were to come`,
  }
}
