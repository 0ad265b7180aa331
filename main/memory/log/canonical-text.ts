import { createForms, inCanonicalOrder, isDistinct } from './forms.ts';
import type { Members } from './plain-json.ts';

/** Canonical JSON that is put together of pieces of bytes, to be hashed. Used again and again, so that nothing is made for it. */
export interface CanonicalText {
  clear(): void;
  put(bytes: Uint8Array, from: number, end: number): void;
  /** One ASCII character. */
  putByte(byte: number): void;
  /** The value of a member, with what is in it in order. */
  putValue(bytes: Buffer, members: Members, member: number): void;
  /** An object of these members in this order. */
  putObject(bytes: Buffer, members: Members, order: readonly number[]): void;
  /** False where an object had a name twice, and so has no canonical text. */
  readonly isComplete: boolean;
  /** What was put since `clear`; overwritten by what is put after the next. */
  readonly bytes: Uint8Array;
}

const OPEN = 0x7b;
const CLOSE = 0x7d;
const COMMA = 0x2c;
/** Longer pieces are copied by one call: it takes as long as so many bytes one by one. */
const SHORT = 48;

export function createCanonicalText(): CanonicalText {
  const orders = createForms((names) => (isDistinct(names) ? inCanonicalOrder(names) : null));
  let room = Buffer.allocUnsafe(4096);
  let length = 0;
  let isComplete = true;

  function makeRoom(more: number): void {
    const larger = Buffer.allocUnsafe(Math.max(length + more, room.length * 2));
    larger.set(room.subarray(0, length));
    room = larger;
  }

  function put(bytes: Uint8Array, from: number, end: number): void {
    if (length + end - from > room.length) makeRoom(end - from);
    if (end - from > SHORT) room.set(bytes.subarray(from, end), length);
    else copyShort(bytes, from, end, room, length);
    length += end - from;
  }

  function putByte(byte: number): void {
    if (length === room.length) makeRoom(1);
    room[length] = byte;
    length += 1;
  }

  /** The member whose bytes from there on are put; its value is put in order. */
  function putMember(bytes: Buffer, members: Members, member: number, from: number): void {
    const valueAt = members.valueAt[member] as number;
    const inner = bytes[valueAt] === OPEN ? members.inner?.[member] : undefined;
    if (!inner || inner.isOrdered) return put(bytes, from, members.valueEnd[member] as number);
    put(bytes, from, valueAt);
    const order = orders.of(bytes, inner);
    if (order) putObject(bytes, inner, order);
    else isComplete = false;
  }

  function putObject(bytes: Buffer, members: Members, order: readonly number[]): void {
    putByte(OPEN);
    let isFirst = true;
    for (const member of order) {
      if (!isFirst) putByte(COMMA);
      isFirst = false;
      putMember(bytes, members, member, members.nameAt[member] as number);
    }
    putByte(CLOSE);
  }

  return {
    clear() {
      length = 0;
      isComplete = true;
    },
    put,
    putByte,
    putValue: (bytes, members, member) => putMember(bytes, members, member, members.valueAt[member] as number),
    putObject,
    get isComplete() {
      return isComplete;
    },
    get bytes() {
      return room.subarray(0, length);
    },
  };
}

function copyShort(bytes: Uint8Array, from: number, end: number, to: Uint8Array, place: number): void {
  for (let at = from, into = place; at < end; at += 1, into += 1) to[into] = bytes[at] as number;
}
