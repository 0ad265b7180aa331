import { reportAndFail, runWeb } from './run-web.ts';

/** The web host as a process of its own. */
runWeb(process.argv.slice(2)).catch(reportAndFail);
