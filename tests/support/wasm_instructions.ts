/** Reads the instructions of a WebAssembly module, as far as the tests of the kernels need it. */

/** Instructions of a module. */
export interface Instructions {
  /** How often each instruction stands in an exported function and all the functions it calls. */
  reachable(exported: string): Map<string, number>;
  /** Relaxed SIMD instructions anywhere in the module, by opcode. */
  readonly relaxed: number[];
}

/** SIMD opcodes the tests ask for (WebAssembly core specification, section 5.4.9). */
const names: Record<number, string> = {
  0: "v128.load",
  2: "v128.load8x8_u",
  6: "v128.load32x2_u",
  9: "v128.load32_splat",
  0x0d: "i8x16.shuffle",
  0x0e: "i8x16.swizzle",
  0x42: "f32x4.ne",
  0x4e: "v128.and",
  0x53: "v128.any_true",
  0x5e: "f32x4.demote_f64x2_zero",
  0x5f: "f64x2.promote_low_f32x4",
  0x77: "i8x16.min_u",
  0x79: "i8x16.max_u",
  0x7f: "i32x4.extadd_pairwise_i16x8_u",
  0x86: "i16x8.narrow_i32x4_u",
  0x8e: "i16x8.add",
  0x8d: "i16x8.shr_u",
  0x97: "i16x8.min_u",
  0x99: "i16x8.max_u",
  0x9b: "i16x8.avgr_u",
  0x6e: "i8x16.add",
  0x7b: "i8x16.avgr_u",
  0x89: "i16x8.extend_low_i8x16_u",
  0x90: "i16x8.add_sat_u",
  0xaa: "i32x4.extend_high_i16x8_u",
  0xae: "i32x4.add",
  0xba: "i32x4.dot_i16x8_s",
  0xbe: "i32x4.extmul_low_i16x8_u",
  0xce: "i64x2.add",
  0xe4: "f32x4.add",
  0xe5: "f32x4.sub",
  0xe6: "f32x4.mul",
  0xea: "f32x4.pmin",
  0xeb: "f32x4.pmax",
  0xf0: "f64x2.add",
  0xf2: "f64x2.mul",
  0xfa: "f32x4.convert_i32x4_s",
  0xfb: "f32x4.convert_i32x4_u",
  0xfe: "f64x2.convert_low_i32x4_s",
};

class Reader {
  position = 0;
  constructor(readonly bytes: Uint8Array) {}

  byte(): number {
    return this.bytes[this.position++];
  }

  /** LEB128; signed ones are skipped over just as well. */
  number(): number {
    let result = 0, shift = 1;
    while (true) {
      const byte = this.byte();
      result += (byte & 127) * shift;
      if (byte < 128) return result;
      shift *= 128;
    }
  }

  skip(count: number): void {
    this.position += count;
  }
}

/** Decodes a module that uses the instructions AssemblyScript emits; anything unknown is an error. */
export function decodeInstructions(bytes: Uint8Array): Instructions {
  const reader = new Reader(bytes);
  reader.skip(8);
  let imported = 0;
  const exported = new Map<string, number>();
  const bodies: { counts: Map<string, number>; calls: Set<number> }[] = [];
  const relaxed: number[] = [];
  while (reader.position < bytes.length) {
    const section = reader.byte(), end = reader.number() + reader.position;
    if (section === 2) imported = countImportedFunctions(reader);
    if (section === 7) {
      for (let n = reader.number(); n > 0; n--) {
        const length = reader.number();
        const name = new TextDecoder().decode(bytes.subarray(reader.position, reader.position + length));
        reader.skip(length);
        const kind = reader.byte(), index = reader.number();
        if (kind === 0) exported.set(name, index);
      }
    }
    if (section === 10) {
      for (let n = reader.number(); n > 0; n--) bodies.push(decodeBody(reader, relaxed));
    }
    reader.position = end;
  }
  return {
    relaxed,
    reachable(name) {
      const start = exported.get(name);
      if (start === undefined) throw new Error(`no kernel is called ${name}`);
      const counts = new Map<string, number>(), seen = new Set([start]);
      for (const index of seen) {
        const body = bodies[index - imported];
        if (!body) continue;
        body.calls.forEach((call) => seen.add(call));
        body.counts.forEach((count, instruction) =>
          counts.set(instruction, (counts.get(instruction) ?? 0) + count)
        );
      }
      return counts;
    },
  };
}

function countImportedFunctions(reader: Reader): number {
  let functions = 0;
  for (let n = reader.number(); n > 0; n--) {
    reader.skip(reader.number());
    reader.skip(reader.number());
    const kind = reader.byte();
    if (kind === 0) reader.number(), functions++;
    else if (kind === 2) {
      const limits = reader.byte();
      reader.number();
      if (limits & 1) reader.number();
    } else throw new Error(`import of kind ${kind}`);
  }
  return functions;
}

function decodeBody(reader: Reader, relaxed: number[]): { counts: Map<string, number>; calls: Set<number> } {
  const end = reader.number() + reader.position;
  const counts = new Map<string, number>(), calls = new Set<number>();
  for (let n = reader.number(); n > 0; n--) reader.number(), reader.byte();
  while (reader.position < end) {
    const opcode = reader.byte();
    if (opcode === 0x10) calls.add(reader.number());
    else if (opcode === 0x24) counts.set("global.set", (counts.get("global.set") ?? 0) + 1), reader.number();
    else if (opcode === 0xfd) {
      const simd = reader.number();
      if (simd >= 0x100) relaxed.push(simd);
      const name = names[simd];
      if (name) counts.set(name, (counts.get(name) ?? 0) + 1);
      if (simd <= 11 || simd === 92 || simd === 93) reader.number(), reader.number();
      else if (simd === 12 || simd === 13) reader.skip(16);
      else if (simd >= 21 && simd <= 34) reader.byte();
      else if (simd >= 84 && simd <= 91) reader.number(), reader.number(), reader.byte();
    } else if (opcode === 0xfc) {
      const kind = reader.number();
      if (kind === 10) reader.skip(2);
      else if (kind === 11) reader.skip(1);
      else if (kind > 7) throw new Error(`instruction 0xfc ${kind}`);
    } else if (opcode >= 0x02 && opcode <= 0x04) reader.number();
    else if (opcode === 0x0c || opcode === 0x0d || (opcode >= 0x20 && opcode <= 0x23)) reader.number();
    else if (opcode === 0x0e) { for (let n = reader.number() + 1; n > 0; n--) reader.number(); }
    else if (opcode >= 0x28 && opcode <= 0x3e) reader.number(), reader.number();
    else if (opcode === 0x3f || opcode === 0x40) reader.byte();
    else if (opcode === 0x41 || opcode === 0x42) reader.number();
    else if (opcode === 0x43) reader.skip(4);
    else if (opcode === 0x44) reader.skip(8);
    else if (opcode === 0x1c) { for (let n = reader.number(); n > 0; n--) reader.byte(); }
    else if (opcode === 0x11) reader.number(), reader.number();
    else if (opcode === 0xfe) throw new Error("no kernel uses atomics");
  }
  if (reader.position !== end) throw new Error("a function body was not read to its end");
  return { counts, calls };
}
