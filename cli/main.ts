import { runCli } from './run-cli.ts';

// A reader that has seen enough closes the pipe (`sluice logs … | head`): no fault of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});
process.exitCode = await runCli(process.argv.slice(2));
