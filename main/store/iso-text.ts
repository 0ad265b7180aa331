const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

const digits = (count: number, length: number): string[] =>
  Array.from({ length: count }, (_, number) => String(number).padStart(length, '0'));
const sixty = digits(60, 2);
const thousandths = digits(1000, 3).map((text) => `.${text}Z`);
/** `HH:MM:` by the minute of a day. */
const minutes = digits(24, 2).flatMap((hour) => sixty.map((minute) => `${hour}:${minute}:`));

const FIRST_MS = Date.parse('0000-01-01T00:00:00.000Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** In a year of four digits: the times whose order as text is their order as numbers. False for NaN. */
export function isUsualTime(milliseconds: number): boolean {
  return milliseconds >= FIRST_MS && milliseconds <= LAST_MS;
}

/** `YYYY-MM-DDT` by day: what a filter finds lies on many. */
const days = new Map<number, string>();
/** So many that years of records fit, and few enough to cost nothing. */
const MOST_DAYS = 4096;

/**
 * `new Date(milliseconds).toISOString()` of whole milliseconds in years of four digits, several times as quick where
 * their days are not all different.
 */
export function isoText(milliseconds: number): string {
  const day = Math.floor(milliseconds / DAY_MS);
  const inDay = milliseconds - day * DAY_MS;
  const minute = Math.floor(inDay / MINUTE_MS);
  const inMinute = inDay - minute * MINUTE_MS;
  const second = Math.floor(inMinute / 1000);
  return `${days.get(day) ?? dayText(day)}${minutes[minute]}${sixty[second]}${thousandths[inMinute - second * 1000]}`;
}

function dayText(day: number): string {
  const text = new Date(day * DAY_MS).toISOString().slice(0, 'YYYY-MM-DDT'.length);
  if (days.size >= MOST_DAYS) days.clear();
  days.set(day, text);
  return text;
}
