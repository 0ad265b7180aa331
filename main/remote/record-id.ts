import type { Driver } from './driver.ts';

const HEX_24 = /^[0-9a-f]{24}$/;
const UUID_MARK = 'uuid:';

/**
 * A document's `_id` as the id of a record: text as it is; of other programs' documents an ObjectId as 24 hex digits, a
 * number in digits, a UUID as `uuid:…`. Null for what has no such text.
 */
export function idOf(_id: unknown, { ObjectId, Binary }: Driver): string | null {
  if (typeof _id === 'string') return _id;
  if (_id instanceof ObjectId) return _id.toHexString();
  if (typeof _id === 'number' && Number.isFinite(_id)) return String(_id);
  if (_id instanceof Binary && _id.sub_type === Binary.SUBTYPE_UUID && _id.length() === 16) {
    return `${UUID_MARK}${_id.toUUID().toHexString()}`;
  }
  return null;
}

/** Every `_id` that reads as this id; the text itself first. */
export function idsReadAs(id: string, { ObjectId, UUID }: Driver): readonly unknown[] {
  const others: unknown[] = [];
  if (HEX_24.test(id)) others.push(new ObjectId(id));
  if (id !== '' && String(Number(id)) === id && Number.isFinite(Number(id))) others.push(Number(id));
  if (id.startsWith(UUID_MARK) && UUID.isValid(id.slice(UUID_MARK.length))) {
    others.push(new UUID(id.slice(UUID_MARK.length)));
  }
  return [id, ...others];
}
