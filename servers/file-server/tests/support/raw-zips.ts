import { crc32, deflateRawSync } from "node:zlib";

/** One entry of a zip as it is written, be it true or not. */
export interface RawEntry {
  name: string;
  /** In place of the name, as bytes. */
  nameHex?: string;
  content?: string;
  /** The content so many times. */
  times?: number;
  stored?: boolean;
  mode?: number;
  flags?: number;
  method?: number;
  /** What the headers say, in place of what is so. */
  size?: number;
  packed?: number;
  crc?: number;
  /** So many of it, with their numbers behind the name. */
  many?: number;
  /** The data of an earlier entry, by its number. */
  sharesDataOf?: number;
}

export interface RawZip {
  entries: RawEntry[];
  /** What the end says of their number. */
  count?: number;
  /** Bytes in front of it, and behind. */
  prefix?: string;
  suffix?: string;
}

interface Placed {
  head: Buffer;
  offset: number;
  mode: number;
}

/** A zip with headers that no library writes. */
export function rawZip(zip: RawZip): Buffer {
  const entries = zip.entries.flatMap(manyOf);
  const { count = entries.length, prefix = "", suffix = "" } = zip;
  const parts: Buffer[] = [Buffer.from(prefix)];
  const placed: Placed[] = [];
  let offset = prefix.length;
  for (const entry of entries) {
    const { head, data } = headOf(entry);
    const shared = entry.sharesDataOf === undefined ? undefined : placed[entry.sharesDataOf];
    placed.push({ head, offset: shared?.offset ?? offset, mode: entry.mode ?? 0 });
    if (shared) continue;
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), head, data]);
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(placed.map(centralOf));
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06");
  end.writeUInt16LE(count & 0xffff, 8);
  end.writeUInt16LE(count & 0xffff, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end, Buffer.from(suffix)]);
}

const manyOf = (entry: RawEntry): RawEntry[] =>
  entry.many === undefined
    ? [entry]
    : Array.from({ length: entry.many }, (_, i) => ({ ...entry, name: `${entry.name}${i}` }));

/** What a local header has behind its signature, with the name, and the data. */
function headOf(entry: RawEntry): { head: Buffer; data: Buffer } {
  const { content = "", times = 1, stored = false, flags = 0x800, nameHex } = entry;
  const plain = Buffer.from(content.repeat(times));
  const data = stored ? plain : deflateRawSync(plain);
  const name = nameHex === undefined ? Buffer.from(entry.name) : Buffer.from(nameHex, "hex");
  const head = Buffer.alloc(26);
  head.writeUInt16LE(20, 0);
  head.writeUInt16LE(flags, 2);
  head.writeUInt16LE(entry.method ?? (stored ? 0 : 8), 4);
  head.writeUInt32LE(0x5c210000, 6);
  head.writeUInt32LE(entry.crc ?? crc32(plain), 10);
  head.writeUInt32LE(entry.packed ?? data.length, 14);
  head.writeUInt32LE(entry.size ?? plain.length, 18);
  head.writeUInt16LE(name.length, 22);
  return { head: Buffer.concat([head, name]), data };
}

function centralOf({ head, offset, mode }: Placed): Buffer {
  const start = Buffer.from("PK\x01\x02\x14\x03", "latin1");
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE((mode << 16) >>> 0, 6);
  rest.writeUInt32LE(offset, 10);
  return Buffer.concat([start, head.subarray(0, 26), rest, head.subarray(26)]);
}
