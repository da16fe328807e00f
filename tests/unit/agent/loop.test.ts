import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type LoopEnd, type LoopOptions, runLoop } from '../../../src/agent/loop.ts';
import type { Leave } from '../../../src/agent/permission.ts';
import type { Message, ToolCall } from '../../../src/model/message.ts';
import type { Model } from '../../../src/model/model.ts';
import { ModelError } from '../../../src/model/model-error.ts';
import { defineTool, type Tool, type ToolContext } from '../../../src/tools/tool.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { recorder } from '../../support/recorder.ts';
import { calls, type ScriptedModel, says, scriptedModel, together } from '../../support/scripted-model.ts';

/** Tools that note when they begin and end, so that a test can see what ran together. */
function notingTools(log: string[]): Tool[] {
  const noting = (name: string, effect: 'read' | 'write') =>
    defineTool({
      name,
      description: name,
      effect,
      input: z.object({ path: z.string() }),
      run: async ({ path }) => {
        log.push(`${name} ${path} begins`);
        await Promise.resolve();
        log.push(`${name} ${path} ends`);
        return { ok: true, output: `${name} ${path}`, changed: effect === 'write' ? [path] : [] };
      },
    });
  return [noting('read_file', 'read'), noting('write_file', 'write')];
}

interface Talk {
  conversation: Message[];
  end: LoopEnd;
  log: string[];
  events: ReturnType<typeof recorder>;
  checkpoints: string[];
}

async function talk(model: ScriptedModel, more: Partial<LoopOptions> = {}): Promise<Talk> {
  const log: string[] = [];
  const events = recorder();
  const checkpoints: string[] = [];
  const conversation: Message[] = [{ role: 'user', text: 'Fix it.' }];
  const end = await runLoop(conversation, {
    model,
    system: ['You are Nex.'],
    tools: notingTools(log),
    effort: 'medium',
    maxCalls: 25,
    signal: new AbortController().signal,
    emit: events.emit,
    contextFor: () => ({ signal: new AbortController().signal }) as ToolContext,
    permit: async (): Promise<Leave> => ({ kind: 'run', readOnly: false }),
    beforeChange: async (call) => {
      checkpoints.push(call.id);
      return undefined;
    },
    afterCall: async () => ({}),
    redact: (text) => text,
    sendOnce: (_call, text) => text,
    room: { make: async () => {}, counted: () => {}, overflow: async () => false },
    mended: () => {},
    record: () => {},
    grantMore: async () => false,
    clock: manualClock(),
    ...more,
  });
  return { conversation, end, log, events, checkpoints };
}

const read = (path: string) => calls('read_file', { path });
const write = (path: string) => calls('write_file', { path });
const answersOf = (conversation: Message[]) =>
  conversation.flatMap((message) => (message.role === 'tools' ? message.answers : []));

describe('runLoop', () => {
  it('answers without a call are the end', async () => {
    const { end, conversation } = await talk(scriptedModel(says('Nothing to do.')));
    expect(end).toEqual({ status: 'done', text: 'Nothing to do.', calls: 0 });
    expect(conversation.map(({ role }) => role)).toEqual(['user', 'assistant']);
  });

  it('runs calls, reports back and goes on', async () => {
    const model = scriptedModel(read('a'), says('Done.'));
    const { end, conversation } = await talk(model);
    expect(end).toEqual({ status: 'done', text: 'Done.', calls: 1 });
    expect(conversation[2]).toEqual({
      role: 'tools',
      answers: [{ callId: 'call-1', text: 'read_file a', isError: false }],
    });
    expect(model.requests[1]?.messages).toHaveLength(3);
  });

  it('runs the reads of a reply together and its writes one after the other, answers in order', async () => {
    const { log, conversation, checkpoints } = await talk(
      scriptedModel(together(read('a'), read('b'), write('c'), write('d'), read('e')), says('Done.')),
    );
    expect(log.slice(0, 4)).toEqual([
      'read_file a begins',
      'read_file b begins',
      'read_file a ends',
      'read_file b ends',
    ]);
    expect(log.slice(4)).toEqual([
      'write_file c begins',
      'write_file c ends',
      'write_file d begins',
      'write_file d ends',
      'read_file e begins',
      'read_file e ends',
    ]);
    expect(answersOf(conversation).map(({ text }) => text)).toEqual([
      'read_file a',
      'read_file b',
      'write_file c',
      'write_file d',
      'read_file e',
    ]);
    expect(checkpoints).toEqual(['call-1c', 'call-1d']);
  });

  it('saves no state before a call that is found to only read', async () => {
    const { checkpoints } = await talk(scriptedModel(write('a'), says('Done.')), {
      permit: async () => ({ kind: 'run', readOnly: true }),
    });
    expect(checkpoints).toEqual([]);
  });

  it('tells the model why a call was refused, and does not run it', async () => {
    const { conversation, log } = await talk(scriptedModel(write('.env'), says('Understood.')), {
      permit: async () => ({ kind: 'refuse', reason: 'Not run: a secret file.' }),
    });
    expect(answersOf(conversation)).toEqual([{ callId: 'call-1', text: 'Not run: a secret file.', isError: true }]);
    expect(log).toEqual([]);
  });

  it('names how long a tool ran, without the time its question stayed open', async () => {
    const clock = manualClock();
    const pass = (ms: number) => Promise.resolve(clock.advance(ms));
    const [slow] = notingTools([]).map((tool) => ({
      ...tool,
      run: async (input: unknown, context: ToolContext) => {
        await pass(70);
        return tool.run(input, context);
      },
    }));
    const { events } = await talk(scriptedModel(together(read('a'), read('no')), says('Done.')), {
      clock,
      tools: slow ? [slow] : [],
      permit: async ({ input }): Promise<Leave> => {
        await pass(60_000);
        return input['path'] === 'no' ? { kind: 'refuse', reason: 'Not run: no.' } : { kind: 'run', readOnly: false };
      },
    });
    expect(events.of('tool.result').map(({ id, duration_ms }) => [id, duration_ms])).toEqual([
      ['call-1b', 0],
      ['call-1', 70],
    ]);
  });

  it('answers calls of unknown tools, with wrong input and with broken input', async () => {
    const broken = scriptedModel(together(calls('fly', {}), calls('read_file', { way: 1 })), says('Sorry.'));
    const { conversation } = await talk(broken);
    const [unknown, wrong] = answersOf(conversation);
    expect(unknown).toEqual({
      callId: 'call-1',
      text: 'There is no tool named "fly". The tools are read_file, write_file.',
      isError: true,
    });
    expect(wrong?.text).toMatch(/^Invalid input for read_file: /);
  });

  it('never runs a call that was cut by the output limit', async () => {
    const cut: ToolCall = {
      id: 'x',
      name: 'write_file',
      input: { path: 'a' },
      broken: 'the output limit cut the call.',
    };
    const model = scriptedModel(says(''), says('Done.'));
    const cutting: Model = {
      id: 'cutting',
      ask: async (request) => {
        const reply = await model.ask(request);
        if (request.messages.length > 1) return reply;
        return { ...reply, stop: 'max_tokens', message: { role: 'assistant', text: '', calls: [cut] } };
      },
    };
    const { log, conversation } = await talk(model, { model: cutting });
    expect(log).toEqual([]);
    expect(answersOf(conversation)[0]).toMatchObject({ callId: 'x', isError: true });
  });

  it('stops after the allowed calls, answers the rest, and asks for one summary', async () => {
    const model = scriptedModel(
      together(read('a'), read('b')),
      together(read('c'), read('d')),
      says('I read a, b and c.'),
    );
    const { end, conversation } = await talk(model, { maxCalls: 3 });
    expect(end).toEqual({ status: 'capped', why: 'iterations', text: 'I read a, b and c.', calls: 3 });
    expect(answersOf(conversation).map(({ isError }) => isError)).toEqual([false, false, false, true]);
    expect(model.requests).toHaveLength(3);
  });

  it('ends when the model calls again although it was told to sum up', async () => {
    const { end, log } = await talk(scriptedModel(read('a'), read('b'), read('c')), { maxCalls: 1 });
    expect(end).toMatchObject({ status: 'capped', why: 'iterations', calls: 1 });
    expect(log).toEqual(['read_file a begins', 'read_file a ends']);
  });

  it('goes on when more calls are granted', async () => {
    const asked: number[] = [];
    const { end } = await talk(scriptedModel(read('a'), read('b'), says('Done.')), {
      maxCalls: 1,
      grantMore: async (used) => asked.push(used) > 0,
    });
    expect(end).toEqual({ status: 'done', text: 'Done.', calls: 2 });
    expect(asked).toEqual([1]);
  });

  it('stops a model that goes round in circles', async () => {
    const { end } = await talk(scriptedModel(read('a'), read('a'), read('a'), says('never')));
    expect(end).toMatchObject({ status: 'capped', why: 'loop', calls: 3 });
  });

  it('answers an empty reply with "go on", at most twice', async () => {
    const { end, conversation } = await talk(scriptedModel(says(''), says(''), says('')));
    expect(end).toEqual({ status: 'stopped', text: 'The model sent empty or cut replies.', calls: 0 });
    expect(conversation.filter(({ role }) => role === 'user')).toHaveLength(3);
  });

  it('sends the conversation again after a pause, without a word', async () => {
    const { end, conversation } = await talk(scriptedModel(says('One moment.', { stop: 'pause' }), says('Done.')));
    expect(end).toEqual({ status: 'done', text: 'Done.', calls: 0 });
    expect(conversation.map(({ role }) => role)).toEqual(['user', 'assistant', 'assistant']);
  });

  it('keeps nothing of a refusal', async () => {
    const { end, conversation } = await talk(scriptedModel(says('Half of', { stop: 'refusal' })));
    expect(end.status).toBe('refusal');
    expect(conversation).toHaveLength(1);
  });

  it('adds what memory knows to the failing call and stops when told to', async () => {
    const { conversation, end } = await talk(scriptedModel(together(read('a'), write('b')), says('never')), {
      afterCall: async (call) => (call.name === 'read_file' ? { note: 'Seen before.', stop: 'The branch moved.' } : {}),
    });
    expect(answersOf(conversation)).toEqual([
      { callId: 'call-1', text: 'read_file a\n\nSeen before.', isError: false },
      { callId: 'call-1b', text: 'Not run: The branch moved.', isError: true },
    ]);
    expect(end).toEqual({ status: 'stopped', text: 'The branch moved.', calls: 1 });
  });

  it('takes secrets out of results before they join the conversation and the events', async () => {
    const { conversation, events } = await talk(scriptedModel(read('key-123'), says('Done.')), {
      redact: (text) => text.replaceAll('key-123', '[secret]'),
    });
    expect(answersOf(conversation)[0]?.text).toBe('read_file [secret]');
    expect(events.of('tool.result')[0]?.text).toBe('read_file [secret]');
  });

  it('records every message that joins the conversation, once and in order', async () => {
    const recorded: Message[] = [];
    const { conversation } = await talk(scriptedModel(read('a'), says('Done.')), {
      record: (message) => void recorded.push(message),
    });
    expect(recorded).toEqual(conversation.slice(1));
  });

  it('ends at once when it is aborted', async () => {
    const controller = new AbortController();
    const stopping = talk(scriptedModel(read('a'), says('never')), {
      signal: controller.signal,
      permit: async () => {
        controller.abort(new Error('Ctrl-C'));
        return { kind: 'run', readOnly: true };
      },
    });
    await expect(stopping).rejects.toThrow('Ctrl-C');
  });

  it('answers what was not answered when it is stopped in the middle, so that a chat can go on', async () => {
    const stop = new AbortController();
    const conversation: Message[] = [{ role: 'user', text: 'Fix it.' }];
    const model = scriptedModel(together(read('a'), write('b'), write('c')));
    const end = talk(model, {
      signal: stop.signal,
      record: (message) => void conversation.push(message),
      beforeChange: async () => {
        stop.abort(new Error('Ctrl-C'));
        return undefined;
      },
    });
    await expect(end).rejects.toThrow('Ctrl-C');
    expect(answersOf(conversation).map(({ callId, isError, text }) => [callId, isError, text.slice(0, 13)])).toEqual([
      ['call-1', false, 'read_file a'],
      ['call-1b', true, 'Not finished:'],
      ['call-1c', true, 'Not finished:'],
    ]);
  });

  it('begins anew once when the conversation does not fit, and gives up when that did not help', async () => {
    const overflow = new ModelError('failed', 'Too long.', { retryable: false, tooLong: true });
    const begun: string[] = [];
    const room = {
      make: async () => {},
      counted: () => {},
      overflow: async () => {
        begun.push('anew');
        return true;
      },
    };
    expect((await talk(scriptedModel(overflow, says('Done.')), { room })).end.text).toBe('Done.');
    await expect(talk(scriptedModel(overflow, overflow, says('Done.')), { room })).rejects.toThrow('Too long.');
    expect(
      (await talk(scriptedModel(says('Cut', { stop: 'context_overflow' }), says('Whole.')), { room })).end.text,
    ).toBe('Whole.');
    expect(begun).toHaveLength(3);
  });

  it('counts three equal results, whatever was sent of them', async () => {
    const model = scriptedModel(read('a'), read('a'), read('a'), says('Done.'));
    let sent = 0;
    const { end } = await talk(model, { sendOnce: () => `note ${sent++}` });
    expect(end).toMatchObject({ status: 'capped', why: 'loop' });
  });
});
