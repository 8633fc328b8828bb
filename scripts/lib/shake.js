// Takes out of a linked wasm file what only the message of a panic would have used: its sentences, their formatting and
// the tables behind that. A panic ends in `unreachable` either way, and its message has nowhere to go; yet std links
// it all. The linker's relocations (`--emit-relocs`) tell exactly what refers to what.

import { Problem } from './run.js';

/** Where a panic begins, by parts of mangled names. Nothing of this crate formats anything in wasm. */
const PANIC = new RegExp(
  [
    '4core9panicking|3std9panicking|3std3sys9backtrace|3std9backtrace|rust_begin_unwind|rust_panic|rust_start_panic',
    '4core3fmt|5alloc3fmt|core\\.\\.fmt\\.\\.|3std2io|std\\.\\.io\\.\\.Write|__rg_oom|__rdl_oom|8rust_oom',
    '13unwrap_failed|13expect_failed|13assert_failed|5slice5index\\d+slice_|slice_error_fail|len_mismatch_fail',
    '7raw_vec12handle_error|17capacity_overflow|18handle_alloc_error',
  ].join('|'),
);

const SECTION = { custom: 0, imports: 2, exports: 7, start: 8, code: 10, data: 11 };
const SYMBOL = { function: 0, data: 1, section: 3 };
const RELOCATION = { call: 0, type: 6 };
/** The kinds of relocations that carry an addend. */
const ADDEND = new Set([3, 4, 5, 8, 9, 11, 14, 15, 16, 17, 21, 22, 23, 25]);

/** @typedef {{ id: number, name: string, start: number, payload: number, end: number }} Section */
/** @typedef {{ start: number, end: number, refs: Sym[], calls: number[] }} Body */
/** @typedef {{ kind: number, index: number, start: number, end: number, refs: Sym[] }} Sym */

class Reader {
  /**
   * @param {Buffer} bytes
   * @param {number} at
   */
  constructor(bytes, at) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    return /** @type {number} */ (this.bytes[this.at++]);
  }

  /** LEB128. */
  number() {
    let number = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      number += (byte & 127) * scale;
      if (byte < 128) return number;
    }
  }

  text() {
    const length = this.number();
    this.at += length;
    return this.bytes.toString('latin1', this.at - length, this.at);
  }

  /** @param {(reader: Reader) => void} each */
  repeat(each) {
    for (let left = this.number(); left > 0; left--) each(this);
  }
}

/** @param {number} number */
function leb(number) {
  const bytes = [];
  for (let left = number; ; left >>>= 7) {
    if (left < 128) return Buffer.from([...bytes, left]);
    bytes.push((left & 127) | 128);
  }
}

/** @param {Buffer} bytes */
function readSections(bytes) {
  /** @type {Section[]} */
  const sections = [];
  for (const reader = new Reader(bytes, 8); reader.at < bytes.length; ) {
    const start = reader.at;
    const id = reader.byte();
    const size = reader.number();
    const end = reader.at + size;
    const name = id === SECTION.custom ? reader.text() : '';
    sections.push({ id, name, start, payload: reader.at, end });
    reader.at = end;
  }
  return sections;
}

/**
 * How many functions are imported: they come first in the numbering.
 * @param {Reader} reader
 */
function countImports(reader) {
  let functions = 0;
  reader.repeat(() => {
    reader.text();
    reader.text();
    const kind = reader.byte();
    if (kind === 0) functions++;
    // A function has its type, a global its type and mutability, a table or memory its limits.
    if (kind === 1) reader.byte();
    if (kind === 1 || kind === 2) {
      const limits = reader.byte();
      reader.number();
      if (limits & 1) reader.number();
    } else if (kind === 0) reader.number();
    else reader.at += 2;
  });
  return functions;
}

/** @param {Reader} reader */
function readSegments(reader) {
  /** @type {number[]} */
  const starts = [];
  reader.repeat(() => {
    // A passive segment has no address; an active one has a constant, whose last byte is `end`.
    const flags = reader.number();
    if (flags === 2) reader.number();
    if (flags !== 1) {
      if (reader.byte() !== 0x41) throw new Problem('a data segment has no constant address');
      reader.number();
      reader.byte();
    }
    const size = reader.number();
    starts.push(reader.at);
    reader.at += size;
  });
  return starts;
}

/**
 * @param {Reader} reader
 * @param {number} end
 * @param {number[]} segments
 */
function readSymbols(reader, end, segments) {
  /** @type {Sym[]} */
  const symbols = [];
  reader.number();
  while (reader.at < end) {
    const id = reader.byte();
    const size = reader.number();
    const next = reader.at + size;
    if (id === 8) {
      reader.repeat(() => {
        const kind = reader.byte();
        const flags = reader.number();
        const isDefined = (flags & 0x10) === 0;
        const symbol = { kind, index: -1, start: 0, end: 0, refs: [] };
        if (kind === SYMBOL.data) {
          reader.text();
          if (isDefined) {
            symbol.start = (segments[reader.number()] ?? 0) + reader.number();
            symbol.end = symbol.start + reader.number();
          }
        } else {
          symbol.index = reader.number();
          if (kind !== SYMBOL.section && (isDefined || flags & 0x40)) reader.text();
        }
        symbols.push(symbol);
      });
    }
    reader.at = next;
  }
  return symbols;
}

/**
 * The file without what only panics need.
 * @param {Buffer} bytes linked with `--emit-relocs`
 * @returns {Buffer}
 */
export function shake(bytes) {
  const sections = readSections(bytes);
  const find = (/** @type {number} */ id, name = '') => sections.find((own) => own.id === id && own.name === name);
  const at = (/** @type {number} */ id, name = '') => {
    const section = find(id, name);
    if (section === undefined) throw new Problem(`the linked wasm has no section ${id} ${name}`);
    return new Reader(bytes, section.payload);
  };

  const imported = find(SECTION.imports) ? countImports(at(SECTION.imports)) : 0;
  /** @type {Body[]} */
  const bodies = [];
  at(SECTION.code).repeat((reader) => {
    const size = reader.number();
    bodies.push({ start: reader.at, end: reader.at + size, refs: [], calls: [] });
    reader.at += size;
  });
  const symbols = readSymbols(
    at(SECTION.custom, 'linking'),
    /** @type {Section} */ (find(SECTION.custom, 'linking')).end,
    readSegments(at(SECTION.data)),
  );
  const texts = symbols.filter(({ kind, end }) => kind === SYMBOL.data && end > 0).sort((a, b) => a.start - b.start);

  /**
   * @param {string} name
   * @param {(place: number, symbol: Sym, type: number) => void} each
   */
  const relocations = (name, each) => {
    const reader = at(SECTION.custom, name);
    const { payload } = /** @type {Section} */ (sections[reader.number()]);
    reader.repeat(() => {
      const type = reader.byte();
      const place = payload + reader.number();
      const symbol = symbols[reader.number()];
      if (ADDEND.has(type)) reader.number();
      if (type !== RELOCATION.type && symbol !== undefined) each(place, symbol, type);
    });
  };
  let body = 0;
  relocations('reloc.CODE', (place, symbol, type) => {
    while (place >= /** @type {Body} */ (bodies[body]).end) body++;
    const { refs, calls } = /** @type {Body} */ (bodies[body]);
    refs.push(symbol);
    if (type === RELOCATION.call) calls.push(symbol.index);
  });
  relocations('reloc.DATA', (place, symbol) => {
    for (const text of texts) if (text.start <= place && place < text.end) text.refs.push(symbol);
  });

  /** @type {string[]} */
  const names = [];
  const named = at(SECTION.custom, 'name');
  for (const end = /** @type {Section} */ (find(SECTION.custom, 'name')).end; named.at < end; ) {
    const id = named.byte();
    const next = named.number() + named.at;
    if (id === 1) named.repeat(() => (names[named.number()] = named.text()));
    named.at = next;
  }

  // Where a panic stood: file, line and column, for its message.
  const isLocation = (/** @type {Sym} */ { start, end, refs: [file, ...others] }) =>
    end - start === 16 &&
    file !== undefined &&
    others.length === 0 &&
    /\.rs\0?$/.test(bytes.toString('latin1', file.start, file.end));

  /** @type {Set<number>} */
  const live = new Set();
  /** @type {Set<Sym>} */
  const kept = new Set();
  /** @type {Set<number>} */
  const panics = new Set();
  /**
   * @param {number} index
   * @param {boolean} isRun whether it stays, or wasm-bindgen only reads what it calls
   */
  const reach = (index, isRun) => {
    const own = bodies[index - imported];
    if (own === undefined || live.has(index)) return;
    live.add(index);
    if (PANIC.test(names[index] ?? '')) panics.add(index);
    else if (isRun) own.refs.forEach(keep);
    else {
      for (const call of own.calls) reach(call, false);
      for (const symbol of own.refs) if (symbol.kind === SYMBOL.data) kept.add(symbol);
    }
  };
  /** @param {Sym} symbol */
  const keep = (symbol) => {
    if (symbol.kind === SYMBOL.function) reach(symbol.index, true);
    else if (symbol.kind === SYMBOL.data && !kept.has(symbol) && !isLocation(symbol)) {
      kept.add(symbol);
      symbol.refs.forEach(keep);
    }
  };
  /** @type {number[]} */
  const described = [];
  at(SECTION.exports).repeat((reader) => {
    const isDescription = reader.text().startsWith('__wbindgen_describe');
    const kind = reader.byte();
    const index = reader.number();
    if (kind !== 0) return;
    if (isDescription) described.push(index);
    else reach(index, true);
  });
  if (find(SECTION.start)) reach(at(SECTION.start).number(), true);
  for (const index of described) reach(index, false);

  // What is not kept becomes zeros, which wasm-opt takes out of the segments.
  const out = Buffer.from(bytes);
  for (const text of texts) if (!kept.has(text)) out.fill(0, text.start, text.end);
  for (const { start, end } of kept) bytes.copy(out, start, start, end);

  const unreachable = Buffer.from([0, 0x00, 0x0b]);
  const code = [leb(bodies.length)];
  bodies.forEach(({ start, end }, place) => {
    const index = place + imported;
    const body = live.has(index) && !panics.has(index) ? out.subarray(start, end) : unreachable;
    code.push(leb(body.length), body);
  });
  const written = Buffer.concat(code);
  const parts = sections.map((section) => {
    if (section.id === SECTION.code) return Buffer.concat([Buffer.from([SECTION.code]), leb(written.length), written]);
    const isLinking = section.name === 'linking' || section.name.startsWith('reloc.');
    return isLinking ? Buffer.alloc(0) : out.subarray(section.start, section.end);
  });
  return Buffer.concat([out.subarray(0, 8), ...parts]);
}
