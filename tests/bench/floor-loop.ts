// No agent: the least that a program in Node can do for the scripted task of bench:task, as its floor.
import { execSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

interface Block {
  type: string;
  id: string;
  name: string;
  input: { path: string; content: string; command: string };
}

const TOOLS: Record<string, (input: Block['input']) => string> = {
  list_directory: ({ path }) => readdirSync(path).join('\n'),
  read_file: ({ path }) => readFileSync(path, 'utf8'),
  write_file: ({ path, content }) => {
    writeFileSync(path, content);
    return 'Written.';
  },
  run_command: ({ command }) => execSync(command, { encoding: 'utf8' }),
};
const tools = Object.keys(TOOLS).map((name) => ({
  name,
  description: name,
  input_schema: { type: 'object', properties: { path: { type: 'string' }, command: { type: 'string' } } },
}));
const messages: object[] = [{ role: 'user', content: process.argv.at(-1) }];
for (;;) {
  const answer = await fetch(`${process.env['ANTHROPIC_BASE_URL']}/v1/messages`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'anthropic-version': '2026-10-21',
      'x-api-key': process.env['ANTHROPIC_API_KEY'] ?? '',
    },
    body: JSON.stringify({ model: process.env['NEX_MODEL'], max_tokens: 4000, messages, tools }),
  });
  const { content }: { content: Block[] } = JSON.parse(await answer.text());
  messages.push({ role: 'assistant', content });
  const results = content
    .filter(({ type }) => type === 'tool_use')
    .map(({ id, name, input }) => ({ type: 'tool_result', tool_use_id: id, content: TOOLS[name]?.(input) ?? '' }));
  if (results.length === 0) break;
  messages.push({ role: 'user', content: results });
}
