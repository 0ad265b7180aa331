/** Diagnostics for people who run Almanac from a terminal: ids, sizes and codes only, never record text. */
export interface Log {
  info(message: string, facts?: Readonly<Record<string, string | number | boolean | null>>): void;
  warn(message: string, facts?: Readonly<Record<string, string | number | boolean | null>>): void;
}

function line(level: string, message: string, facts: Readonly<Record<string, unknown>> = {}): string {
  const tail = Object.entries(facts).map(([key, value]) => ` ${key}=${String(value)}`);
  return `almanac ${level}: ${message}${tail.join('')}\n`;
}

/** To standard error, so that standard output stays one JSON value where it was asked for. */
export const stderrLog: Log = {
  info: (message, facts) => void process.stderr.write(line('info', message, facts)),
  warn: (message, facts) => void process.stderr.write(line('warn', message, facts)),
};

export const silentLog: Log = { info: () => undefined, warn: () => undefined };
