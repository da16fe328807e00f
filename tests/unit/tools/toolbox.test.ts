import { describe, expect, it } from 'vitest';
import { createToolbox } from '../../../src/tools/toolbox.ts';

const tools = createToolbox({ env: {} });

describe('the toolbox', () => {
  it('holds exactly the five tools, always in this order', () => {
    expect(tools.map(({ spec, effect }) => [spec.name, effect])).toEqual([
      ['read_file', 'read'],
      ['write_file', 'write'],
      ['run_command', 'run'],
      ['search_files', 'read'],
      ['list_directory', 'read'],
    ]);
  });

  it('costs at most 700 tokens as it is sent', () => {
    const sent = tools.map(({ spec }) => ({
      name: spec.name,
      description: spec.description,
      input_schema: spec.schema,
    }));
    const marked = sent.with(-1, { ...sent[4], cache_control: { type: 'ephemeral', ttl: '1h' } } as never);
    expect(Buffer.byteLength(JSON.stringify(marked))).toBeLessThanOrEqual(2_800);
  });

  it('has schemas of plain objects, without noise', () => {
    expect(tools.map(({ spec }) => [spec.name, spec.schema])).toEqual([
      [
        'read_file',
        {
          type: 'object',
          properties: { path: { type: 'string' }, start_line: { type: 'integer' }, end_line: { type: 'integer' } },
          required: ['path'],
        },
      ],
      [
        'write_file',
        {
          type: 'object',
          properties: {
            path: { type: 'string' },
            content: { type: 'string' },
            edits: {
              type: 'array',
              items: {
                type: 'object',
                properties: { old_text: { type: 'string' }, new_text: { type: 'string' } },
                required: ['old_text', 'new_text'],
              },
            },
          },
          required: ['path'],
        },
      ],
      [
        'run_command',
        {
          type: 'object',
          properties: {
            command: { type: 'string' },
            timeout_seconds: { type: 'integer', description: 'default 120, at most 600' },
          },
          required: ['command'],
        },
      ],
      [
        'search_files',
        {
          type: 'object',
          properties: {
            pattern: { type: 'string' },
            path: { type: 'string' },
            glob: { type: 'string', description: 'such as *.ts or src/**/*.{js,jsx}' },
          },
          required: ['pattern'],
        },
      ],
      [
        'list_directory',
        {
          type: 'object',
          properties: { path: { type: 'string' }, depth: { type: 'integer', description: 'default 3' } },
        },
      ],
    ]);
  });

  it('tells the model in a sentence what is wrong with its input', () => {
    const [read, write] = tools;
    expect(read?.parse({})).toEqual({ ok: false, error: expect.stringContaining('path') });
    expect(read?.parse({ path: 'a', start_line: 1.5 })).toEqual({
      ok: false,
      error: expect.stringContaining('whole number'),
    });
    expect(write?.parse({ path: 'a', edits: [{ old_text: 'x' }] })).toEqual({
      ok: false,
      error: expect.stringContaining('new_text'),
    });
  });

  it('takes numbers that were sent as text', () => {
    expect(tools[0]?.parse({ path: 'a', start_line: '12' })).toEqual({
      ok: true,
      input: { path: 'a', start_line: 12 },
    });
  });
});
