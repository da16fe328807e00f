import { describe, expect, it } from 'vitest';
import type { ModelPiece, ModelRequest } from '../../../src/model/model.ts';
import { readRecording, replayModel } from '../../../src/session/replay.ts';

function request(rest: Partial<ModelRequest> = {}): ModelRequest {
  return { purpose: 'main', system: [], messages: [], tools: [], signal: new AbortController().signal, ...rest };
}

describe('replayModel', () => {
  it('gives the recorded answers in order, with calls that have ids', async () => {
    const model = replayModel({
      model: 'recorded',
      turns: { main: [{ calls: [{ name: 'read_file', input: { path: 'a' } }] }, { text: 'Done.' }] },
    });

    const first = await model.ask(request());
    const second = await model.ask(request());

    expect(first).toEqual({
      message: {
        role: 'assistant',
        text: '',
        calls: [{ id: 'main-1-call-1', name: 'read_file', input: { path: 'a' } }],
      },
      stop: 'tools',
      usage: { input: undefined, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: undefined },
      model: 'recorded',
    });
    expect([second.message.text, second.stop]).toEqual(['Done.', 'end']);
  });

  it('streams thinking and text word by word, then each block as a whole', async () => {
    const heard: ModelPiece[] = [];
    const model = replayModel({
      model: 'recorded',
      turns: { main: [{ thinking: 'Hm.', text: 'Two\nwords', calls: [{ name: 'x', input: {} }] }] },
    });

    await model.ask(request({ listen: (piece) => heard.push(piece) }));

    expect(heard).toEqual([
      { type: 'thinking', text: 'Hm.' },
      { type: 'block', kind: 'thinking', text: 'Hm.' },
      { type: 'text', text: 'Two\n' },
      { type: 'text', text: 'words' },
      { type: 'block', kind: 'text', text: 'Two\nwords' },
      { type: 'call', name: 'x' },
    ]);
  });

  it('keeps the calls beside the loop apart and answers them as JSON', async () => {
    const model = replayModel({
      model: 'recorded',
      turns: { plan: [{ json: { steps: [] } }], main: [{ text: 'Hi' }] },
    });

    expect((await model.ask(request())).message.text).toBe('Hi');
    expect((await model.ask(request({ purpose: 'plan' }))).message.text).toBe('{"steps":[]}');
  });

  it('says so when more is asked than was recorded', async () => {
    const model = replayModel({ model: 'recorded', turns: { main: [{ text: 'Hi' }] } });
    await model.ask(request());

    await expect(model.ask(request())).rejects.toThrow(
      'The recording holds 1 answer for "main", and one more was asked for.',
    );
    await expect(model.ask(request({ purpose: 'review' }))).rejects.toThrow(
      'The recording holds 0 answers for "review"',
    );
  });

  it('rejects with the reason of a signal that was aborted', async () => {
    const model = replayModel({ model: 'recorded', turns: { main: [{ text: 'Hi' }] } });

    await expect(model.ask(request({ signal: AbortSignal.abort(new Error('stop')) }))).rejects.toThrow('stop');
  });
});

describe('readRecording', () => {
  it('takes a recording as it was written', () => {
    const recording = {
      model: 'm',
      turns: {
        main: [{ thinking: 't', text: 'x', calls: [{ id: '1', name: 'n', input: {} }] }],
        plan: [{ json: [1] }],
      },
    };

    expect(readRecording(JSON.parse(JSON.stringify(recording)))).toEqual(recording);
  });

  it.each([
    [[], 'This is no recording'],
    [{ model: 'm' }, 'This is no recording'],
    [
      { model: 'm', turns: { other: [] } },
      'turns.other: expected a list under one of main, summary, plan, review, wrap-up.',
    ],
    [{ model: 'm', turns: { main: ['x'] } }, 'turns.main[0]: expected an object.'],
    [{ model: 'm', turns: { main: [{ text: 1 }] } }, 'turns.main[0].text: expected text.'],
    [{ model: 'm', turns: { main: [{ thinking: 1 }] } }, 'turns.main[0].thinking: expected text.'],
    [{ model: 'm', turns: { main: [{ calls: 1 }] } }, 'turns.main[0].calls: expected a list.'],
    [
      { model: 'm', turns: { main: [{ calls: [{ name: 'x' }] }] } },
      'turns.main[0].calls[0]: expected a name and an input object.',
    ],
  ])('names the place of a mistake in %j', (value, message) => {
    expect(() => readRecording(value)).toThrow(message);
  });
});
