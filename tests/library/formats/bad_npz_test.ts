import { type BadInput, fileOf, testRefusals } from "../../support/bad_input.ts";
import { npy, zip } from "../../support/byte_files.ts";

const pixels = Uint16Array.from({ length: 3 * 4 * 5 * 6 }, (_, index) => (index * 13) % 997);
const sound = npy("<u2", [3, 4, 5, 6], pixels);

const member = { name: "data.npy", data: sound };
const zipFile = (...args: Parameters<typeof zip>) => fileOf(zip(...args), "a.npz");
const deflated = zip([{ ...member, deflated: true }]);

const npzFiles: readonly BadInput[] = [
  {
    name: "a zip file cut at its end",
    kind: "CorruptFile",
    says: /its end is missing/,
    make: fileOf(zip([member]).subarray(0, -30), "a.npz"),
  },
  {
    name: "a zip directory outside the file",
    kind: "CorruptFile",
    says: /directory/,
    make: (folder) => {
      const bytes = zip([member]);
      new DataView(bytes.buffer).setUint32(bytes.length - 6, 0x7fffffff, true);
      return fileOf(bytes, "a.npz")(folder);
    },
  },
  {
    name: "a zip directory with more entries than there are",
    kind: "CorruptFile",
    says: /directory/,
    make: (folder) => {
      const bytes = zip([member]);
      const view = new DataView(bytes.buffer);
      view.setUint16(bytes.length - 14, 2, true);
      view.setUint16(bytes.length - 12, 2, true);
      return fileOf(bytes, "a.npz")(folder);
    },
  },
  {
    name: "a part of a zip file in parts",
    kind: "UnsupportedFormat",
    says: /parts/,
    make: (folder) => {
      const bytes = zip([member]);
      new DataView(bytes.buffer).setUint16(bytes.length - 18, 3, true);
      return fileOf(bytes, "a.npz")(folder);
    },
  },
  {
    name: "a zip file without arrays",
    kind: "UnsupportedFormat",
    says: /readme\.txt/,
    make: zipFile([{ name: "readme.txt", data: sound }]),
  },
  { name: "an empty zip file", kind: "UnsupportedFormat", says: /without any array/, make: zipFile([]) },
  { name: "two arrays of one name", kind: "BadParameter", says: /2 arrays/, make: zipFile([member, member]) },
  {
    name: "two scans in one npz",
    kind: "BadParameter",
    says: /`dataset` one/,
    make: zipFile([{ ...member, name: "one.npy" }, { ...member, name: "two.npy" }]),
  },
  {
    name: "a --dataset that is not in the npz",
    kind: "BadParameter",
    says: /no array .+none/,
    options: { dataset: "none" },
    make: zipFile([member]),
  },
  {
    name: "a stored member of another size than it says",
    kind: "CorruptFile",
    says: /stored/,
    make: zipFile([{ ...member, size: 999 }]),
  },
  {
    name: "a stored member shorter than its header says",
    kind: "CorruptFile",
    says: /too early/,
    make: zipFile([{ ...member, data: sound.subarray(0, -20) }]),
  },
  {
    name: "a stored member with a wrong checksum",
    kind: "CorruptFile",
    says: /checksum/,
    make: zipFile([{ ...member, crc: 7 }]),
  },
  {
    name: "a deflated member with a wrong checksum",
    kind: "CorruptFile",
    says: /checksum/,
    make: zipFile([{ ...member, deflated: true, crc: 7 }]),
  },
  {
    name: "a deflated member larger than it says",
    kind: "CorruptFile",
    says: /unpacked/,
    make: zipFile([{
      ...member,
      data: Uint8Array.from([...sound, ...sound]),
      deflated: true,
      size: sound.length,
    }]),
  },
  {
    name: "a deflated member smaller than it says",
    kind: "CorruptFile",
    says: /unpacked/,
    make: zipFile([{ ...member, deflated: true, size: sound.length + 5 }]),
  },
  {
    name: "a deflated member cut short",
    kind: "CorruptFile",
    says: /unpacked/,
    make: zipFile([{ ...member, packed: deflated.subarray(58, 300), method: 8 }]),
  },
  {
    name: "deflated bytes that are none",
    kind: "CorruptFile",
    says: /unpacked/,
    make: zipFile([{ ...member, packed: new Uint8Array(200).fill(0xff), method: 8 }]),
  },
  {
    name: "a zip bomb by its declared size",
    kind: "CorruptFile",
    says: /directory/,
    make: zipFile([{ ...member, deflated: true, size: 2 ** 31 }]),
  },
  {
    name: "members that overlap",
    kind: "CorruptFile",
    says: /to end before/,
    make: zipFile([{ ...member, name: "a.npy" }, { ...member, headerOffset: 10 }]),
  },
  {
    name: "a member whose local header is elsewhere",
    kind: "CorruptFile",
    says: /header of/,
    make: zipFile([{ ...member, headerOffset: 3, compressedSize: 100, size: 100 }]),
  },
  {
    name: "an encrypted member",
    kind: "UnsupportedFormat",
    says: /encrypted/,
    make: zipFile([{ ...member, flags: 1 }]),
  },
  {
    name: "a member packed with LZMA",
    kind: "UnsupportedFormat",
    says: /method 14/,
    make: zipFile([{ ...member, method: 14 }]),
  },
  {
    name: "a zip64 size beyond 2^53",
    kind: "CorruptFile",
    says: /64-bit size/,
    make: zipFile([{ ...member, size: 2 ** 60, zip64: true }]),
  },
  {
    name: "a member that is no npy file",
    kind: "CorruptFile",
    says: /header/,
    make: zipFile([{ name: "data.npy", data: new Uint8Array(50) }]),
  },
];

testRefusals(npzFiles);
