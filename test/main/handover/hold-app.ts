/** Opens the app on the vault named on the command line, as a door does, and says `open`; closes on SIGTERM. */
import { createApp } from '../../../main/app/create-app.ts';

const app = await createApp({ vaultPath: process.argv[2] ?? '' });
process.stdout.write('open\n');
process.on('SIGTERM', () => void app.close().then(() => process.exit(0)));
setInterval(() => undefined, 60_000);
