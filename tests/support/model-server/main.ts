import { appendFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Fault } from './faults.ts';
import type { ModelServerOptions, Script } from './options.ts';
import type { SeenRequest } from './request.ts';
import { startModelServer } from './server.ts';

const HELP = `The model server as a program of its own.

  node tests/support/model-server/main.ts --script FILE [--port 0] [--log FILE] [--bodies]
                                          [--faults JSON] [--latency MS]

FILE is a module: its default export is the list of turns or the function that makes them; it may also export
"side". Prints {"url": ...} as its first line. --log appends one JSON line a request, with --bodies its body too.
Ends on SIGTERM or SIGINT, with status 1 and the list on stderr when requests broke the API's rules.`;

function isScript(value: unknown): value is Script {
  return Array.isArray(value) || typeof value === 'function';
}

function isSide(value: unknown): value is NonNullable<ModelServerOptions['side']> {
  return typeof value === 'function';
}

function logLine(request: SeenRequest, bodies: boolean): string {
  const { body, headers, raw, ...facts } = request;
  const shown = {
    ...facts,
    model: body['model'] ?? null,
    betas: headers['anthropic-beta'] ?? null,
    agent: headers['user-agent'] ?? null,
  };
  return `${JSON.stringify(bodies ? { ...shown, body } : shown)}\n`;
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      script: { type: 'string' },
      port: { type: 'string', default: '0' },
      log: { type: 'string' },
      bodies: { type: 'boolean', default: false },
      faults: { type: 'string', default: '[]' },
      latency: { type: 'string', default: '0' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help || values.script === undefined) {
    console.log(HELP);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(resolve(values.script)).href);
  const script = module['default'];
  if (!isScript(script)) throw new Error(`${values.script} must export a list of turns or a function by default.`);
  const faults: Fault[] = JSON.parse(values.faults);
  const { log, bodies } = values;
  if (log !== undefined) writeFileSync(log, '');
  const server = await startModelServer({
    script,
    ...(isSide(module['side']) ? { side: module['side'] } : {}),
    faults,
    port: Number(values.port),
    latencyMs: Number(values.latency),
    ...(log === undefined ? {} : { onAnswered: (request) => appendFileSync(log, logLine(request, bodies)) }),
  });
  console.log(JSON.stringify({ url: server.url, pid: process.pid }));
  const stop = () => {
    server.close().catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : String(error));
      process.exitCode = 1;
    });
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

await run();
