import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelPiece } from '../../../src/model/model.ts';
import { retelling } from '../../../src/model/retelling.ts';

const NOTICE: ModelPiece = { type: 'notice', text: 'The answer was cut off; it starts again.' };

/** What is heard when these attempts are made one after the other. */
function tell(...attempts: ModelPiece[][]): ModelPiece[] {
  const heard: ModelPiece[] = [];
  const telling = retelling((piece) => heard.push({ ...piece }));
  for (const [index, pieces] of attempts.entries()) {
    if (index > 0) telling.again();
    for (const piece of pieces) telling.listen(piece);
  }
  telling.done();
  return heard;
}

const text = (words: string): ModelPiece => ({ type: 'text', text: words });
const thought = (words: string): ModelPiece => ({ type: 'thinking', text: words });
const whole = (words: string): ModelPiece => ({ type: 'block', kind: 'text', text: words });
const call = (name: string): ModelPiece => ({ type: 'call', name });

describe('retelling', () => {
  it('passes the first attempt on as it is', () => {
    const pieces = [thought('hm'), text('a'), whole('a'), call('read_file')];
    expect(tell(pieces)).toEqual(pieces);
  });

  it('is silent about a repetition, however it is split', () => {
    expect(tell([text('Hello '), text('world')], [text('Hel'), text('lo world')])).toEqual([
      text('Hello '),
      text('world'),
    ]);
  });

  it('goes on where the attempt before was cut', () => {
    expect(tell([text('Hel')], [text('Hello'), whole('Hello'), call('x')])).toEqual([
      text('Hel'),
      text('lo'),
      whole('Hello'),
      call('x'),
    ]);
    expect(tell([text('a'), whole('a'), call('x')], [text('a'), whole('a'), call('x'), call('y')])).toEqual([
      text('a'),
      whole('a'),
      call('x'),
      call('y'),
    ]);
  });

  it('starts again with a notice when the answer is another one', () => {
    expect(tell([text('Hello')], [text('He'), text('y you')])).toEqual([text('Hello'), NOTICE, text('Hey you')]);
    expect(tell([text('Hello')], [thought('hm'), text('Hello')])).toEqual([
      text('Hello'),
      NOTICE,
      thought('hm'),
      text('Hello'),
    ]);
    expect(tell([text('Hi'), whole('Hi'), text('more')], [text('Hi there')])).toEqual([
      text('Hi'),
      whole('Hi'),
      text('more'),
      NOTICE,
      text('Hi there'),
    ]);
    expect(tell([call('x')], [call('y')])).toEqual([call('x'), NOTICE, call('y')]);
  });

  it('starts again when the answer turns out to be shorter', () => {
    expect(tell([text('Hello')], [text('He'), whole('He')])).toEqual([text('Hello'), NOTICE, text('He'), whole('He')]);
    expect(tell([text('Hello')], [text('Hell')])).toEqual([text('Hello'), NOTICE, text('Hell')]);
    expect(tell([text('Hello')], [])).toEqual([text('Hello'), NOTICE]);
  });

  it('compares with what was told last', () => {
    expect(tell([text('one')], [text('two')], [text('two!')])).toEqual([text('one'), NOTICE, text('two'), text('!')]);
    expect(tell([text('one tw')], [text('one')], [text('one two')])).toEqual([text('one tw'), text('o')]);
  });

  it('passes on what is not part of the answer', () => {
    const retry: ModelPiece = { type: 'retry', attempt: 1, waitMs: 1, reason: 'x' };
    expect(tell([text('a')], [retry, text('a')])).toEqual([text('a'), retry]);
  });

  it('always ends with having told the last answer', () => {
    const piece = fc.oneof(
      fc.constantFrom('a', 'b', 'ab').map(text),
      fc.constantFrom('a', 'b').map(thought),
      fc.constantFrom('x', 'y').map(call),
      fc.constant(whole('a')),
    );
    fc.assert(
      fc.property(fc.array(fc.array(piece, { maxLength: 5 }), { minLength: 1, maxLength: 4 }), (attempts) => {
        const heard = tell(...attempts.map((pieces) => pieces.map((part) => ({ ...part }))));
        const last = heard.slice(heard.findLastIndex(({ type }) => type === 'notice') + 1);
        expect(joined(last)).toEqual(joined(attempts.at(-1) ?? []));
      }),
    );
  });
});

/** Neighbouring deltas of one kind put together. */
function joined(pieces: readonly ModelPiece[]): ModelPiece[] {
  const all: ModelPiece[] = [];
  for (const piece of pieces) {
    const last = all.at(-1);
    if ((piece.type === 'text' || piece.type === 'thinking') && last?.type === piece.type) last.text += piece.text;
    else all.push({ ...piece });
  }
  return all;
}
