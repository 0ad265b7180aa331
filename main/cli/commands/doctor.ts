import type { Command } from 'commander';
import type { DoctorReport, Finding } from '../../../shared/ipc/upkeep.ts';
import type { CliContext, GlobalOptions } from '../context.ts';
import { count, printable, PrintedFailure, printResult } from '../output.ts';
import { jobOptions } from '../progress.ts';
import { session } from '../session.ts';

interface DoctorFlags extends GlobalOptions {
  readonly repair?: true;
}

/** doctor: exit code 1 when something is wrong and not repaired. */
export function addDoctor(program: Command, context: CliContext): void {
  program
    .command('doctor')
    .description('looks through the whole vault and says what is wrong with it')
    .option('--repair', 'put right what can be; a copy of what is changed is kept')
    .action(async (_options, command: Command) => {
      const flags = command.optsWithGlobals<DoctorFlags>();
      const job = jobOptions(context);
      const input = { repair: flags.repair ?? false };
      const working = flags.repair
        ? session.ask(context, flags, 'doctor.run', input, { ...job, salvage: true })
        : session.look(context, flags, 'doctor.run', input, job);
      const report = await working.finally(() => job.done());
      printResult(context, flags, report, reportText);
      if (!report.ok) throw new PrintedFailure();
    });
}

function reportText(report: DoctorReport): string {
  const { files, records, bytes } = report.checked;
  const checked = `Checked ${count(files, 'file')} with ${count(records, 'record')}, ${(bytes / 1_000_000).toFixed(1)} MB, in ${(report.duration_ms / 1000).toFixed(1)} s.`;
  const more = report.more === 0 ? [] : [`and ${count(report.more, 'finding')} more`];
  return [...report.findings.map(findingText), ...more, `${checked} ${verdict(report)}`].join('\n');
}

function verdict({ ok, open, repaired }: DoctorReport): string {
  const done = repaired === 0 ? '' : ` ${count(repaired, 'thing')} repaired.`;
  return ok ? `Nothing is wrong.${done}` : `${count(open, 'thing is', 'things are')} wrong.${done}`;
}

function findingText({ severity, path, message, remedy, repaired, repair }: Finding): string {
  const what = `${(repaired ? 'repaired' : severity).padEnd(9)}${printable(path) || 'the vault'}: ${printable(message)}`;
  return `${what}\n         ${printable(repaired ? (repair ?? '') : [repair, remedy].filter(Boolean).join(' '))}`;
}
