/** Numbers, dates and sizes as the person's own system writes them. */

const numbers = new Intl.NumberFormat();
const plurals = new Intl.PluralRules('en');
const dayMs = 86_400_000;

export function formatNumber(value: number): string {
  return numbers.format(value);
}

const confidences = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** A confidence in [0, 1], with two digits. */
export function formatConfidence(value: number): string {
  return confidences.format(value);
}

/** `1 conversation`, `12,340 conversations`. */
export function formatCount(value: number, one: string, many: string): string {
  return `${numbers.format(value)} ${plurals.select(value) === 'one' ? one : many}`;
}

/** Bytes in units of 1,000, as file managers show them. */
export function formatBytes(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const unit = units[step] ?? 'byte';
  return new Intl.NumberFormat(undefined, {
    style: 'unit',
    unit,
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: step < 2 ? 0 : 1,
  }).format(bytes / 1000 ** step);
}

const timeOfDay = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const shortDate = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const shortDateThisYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'long' });
const dayThisYear = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'long' });
const dayLongAgo = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' });

/** Formats an ISO time; a time that is none is shown as it stands. */
function withDate(iso: string, format: Intl.DateTimeFormat): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : format.format(date);
}

export const formatTime = (iso: string): string => withDate(iso, timeOfDay);
export const formatDate = (iso: string): string => withDate(iso, shortDate);

/** A date as short as it can be: without the year where that is the present one. */
export function formatShortDate(iso: string, now: Date): string {
  const isThisYear = new Date(iso).getFullYear() === now.getFullYear();
  return withDate(iso, isThisYear ? shortDateThisYear : shortDate);
}

/** The time alone where it is today's; else with its date. */
export function formatMoment(iso: string, now: Date): string {
  const isToday = new Date(iso).toDateString() === now.toDateString();
  return withDate(iso, isToday ? timeOfDay : dayAndTime);
}

export const formatDateTime = (iso: string): string => withDate(iso, dayAndTime);

/**
 * The heading of a day in a list: Today, Yesterday, the weekday within the last week, else the date.
 *
 * @param day local calendar day, `YYYY-MM-DD`
 */
export function formatDay(day: string, now: Date, words: { today: string; yesterday: string }): string {
  const date = new Date(`${day}T00:00:00`);
  if (Number.isNaN(date.getTime())) return day;
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  // Rounded: a day with a clock change is 23 or 25 hours long.
  const daysAgo = Math.round((today.getTime() - date.getTime()) / dayMs);
  if (daysAgo === 0) return words.today;
  if (daysAgo === 1) return words.yesterday;
  if (daysAgo > 1 && daysAgo < 7) return weekday.format(date);
  return date.getFullYear() === now.getFullYear() ? dayThisYear.format(date) : dayLongAgo.format(date);
}
