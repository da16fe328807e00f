import { describe, expect, it } from 'vitest';
import { createFeatureMemory, featuresNamedIn } from '../../../src/model/features.ts';

describe('featuresNamedIn', () => {
  it.each([
    ['thinking: Extra inputs are not permitted', ['thinking']],
    ['thinking.adaptive: Input tag is not supported on this model', ['thinking']],
    ['system.0.cache_control: Extra inputs are not permitted', ['cache']],
    ['messages.0.content.0.text.cache_control: Extra inputs are not permitted', ['cache']],
    ['output_config: Extra inputs are not permitted', ['effort', 'format']],
    ['output_config.effort: Input should be low or high', ['effort']],
    ['This model does not support the effort parameter.', ['effort']],
    ['output_config.format: Extra inputs are not permitted', ['format']],
    ['unknown field "thinking", unknown field "output_config"', ['thinking']],
    ['messages.1.content.0: Invalid `signature` in `thinking` block', []],
    ['max_tokens: Field required', []],
    ['', []],
  ])('reads "%s" as %j', (complaint, features) => {
    expect(featuresNamedIn(complaint)).toEqual(features);
  });
});

describe('createFeatureMemory', () => {
  it('keeps hosts and models apart and tells every change once', () => {
    const changes: unknown[] = [];
    const memory = createFeatureMemory({ 'a m': ['cache'] }, (all) => changes.push(all));
    memory.reject('a', 'm', 'cache');
    memory.reject('a', 'm', 'thinking');
    memory.reject('b', 'm', 'effort');
    expect([[...memory.rejected('a', 'm')], [...memory.rejected('b', 'm')], [...memory.rejected('b', 'n')]]).toEqual([
      ['cache', 'thinking'],
      ['effort'],
      [],
    ]);
    expect(changes).toEqual([{ 'a m': ['cache', 'thinking'] }, { 'a m': ['cache', 'thinking'], 'b m': ['effort'] }]);
  });
});
