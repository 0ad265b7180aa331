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
      const said = new Set<Finding>();
      const how = flags.json ? job : { ...job, onFinding: (found: Finding) => say(found) };
      const say = (found: Finding): void => {
        job.done(); // the line that tells how far it is gives way
        context.out(`${findingText(found)}\n`);
        said.add(found);
      };
      const working = flags.repair
        ? session.ask(context, flags, 'doctor.run', input, { ...how, salvage: true })
        : session.look(context, flags, 'doctor.run', input, how);
      const report = await working.finally(() => job.done());
      printResult(context, flags, report, (whole) => reportText(whole, said));
      if (!report.ok) throw new PrintedFailure();
    });
}

/** @param said what has been printed already, as it was found; one that was repaired since is told anew */
function reportText(report: DoctorReport, said: ReadonlySet<Finding>): string {
  const { files, records, bytes } = report.checked;
  const checked = `Checked ${count(files, 'file')} with ${count(records, 'record')}, ${(bytes / 1_000_000).toFixed(1)} MB, in ${(report.duration_ms / 1000).toFixed(1)} s.`;
  const more = report.more === 0 || said.size > 0 ? [] : [`and ${count(report.more, 'finding')} more`];
  const left = report.findings.filter((found) => !said.has(found));
  return [...left.map(findingText), ...more, `${checked} ${verdict(report)}`].join('\n');
}

function verdict({ ok, open, repaired }: DoctorReport): string {
  const done = repaired === 0 ? '' : ` ${count(repaired, 'thing')} repaired.`;
  return ok ? `Nothing is wrong.${done}` : `${count(open, 'thing is', 'things are')} wrong.${done}`;
}

function findingText({ severity, path, message, remedy, repaired, repair }: Finding): string {
  const what = `${(repaired ? 'repaired' : severity).padEnd(9)}${printable(path) || 'the vault'}: ${printable(message)}`;
  return `${what}\n         ${printable(repaired ? (repair ?? '') : [repair, remedy].filter(Boolean).join(' '))}`;
}
