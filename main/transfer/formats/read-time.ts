/** Above these, a number can only be milliseconds, or microseconds: seconds reach 10^11 in the year 5138. */
const FIRST_MS = 1e11;
const FIRST_US = 1e14;
/** Year 9999: beyond it ISO text has another length. */
const LAST_MS = 253_402_300_799_999;

/**
 * A time of another program as ISO text in UTC: seconds with or without fraction, milliseconds, microseconds, or ISO text
 * (UTC is taken where it names no zone). Null for what is none, and for zero, which exports write for "unknown".
 */
export function readTime(value: unknown): string | null {
  if (typeof value === 'number') return fromNumber(value);
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return fromNumber(Number(text));
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(text);
  if (!match) return null;
  const [, day, time = '00:00', zone = 'Z'] = match;
  return fromMs(Date.parse(`${day}T${time}${zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2').toUpperCase()}`));
}

function fromNumber(value: number): string | null {
  if (value >= FIRST_US) return fromMs(value / 1000);
  return fromMs(value >= FIRST_MS ? value : value * 1000);
}

function fromMs(ms: number): string | null {
  const whole = Math.round(ms);
  return whole > 0 && whole <= LAST_MS ? new Date(whole).toISOString() : null;
}
