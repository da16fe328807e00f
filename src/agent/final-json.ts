import { NexError } from '../errors.ts';
import { readJson } from '../model/structured.ts';
import { say } from './talk.ts';
import type { AnswerShape, TaskState } from './task-state.ts';

const WISH = 'Now give your final answer to the task as JSON of the given schema, and nothing else. Call no tools.';

/**
 * The final answer once more, as JSON of the caller's shape: asked for in the same conversation when the work is done.
 * Sets `state.text`. Returns why there is none; the model gets one chance to mend what does not fit.
 */
export async function answerAsJson(state: TaskState, { schema, check }: AnswerShape): Promise<NexError | undefined> {
  const { world, session, signal } = state;
  let problem = '';
  say(state, WISH);
  for (let round = 0; round < 2; round++) {
    const { message, stop } = await world.main.ask({
      purpose: 'main',
      system: session.system,
      messages: session.conversation,
      tools: world.tools.map(({ spec }) => spec),
      effort: world.settings.effort,
      format: schema,
      signal,
    });
    if (stop === 'refusal' || stop === 'context_overflow') return failure(`the model ended with "${stop}"`);
    session.conversation.push(message);
    world.journal.message(message);
    if (message.calls.length > 0) {
      const answers = message.calls.map(({ id }) => ({
        callId: id,
        text: 'Not run: only the answer is wanted now.',
        isError: true,
      }));
      session.conversation.push({ role: 'tools', answers });
      world.journal.message({ role: 'tools', answers });
      problem = 'it called a tool';
    } else {
      const read = readJson(message.text, check);
      if (read.ok) {
        state.text = world.redact(JSON.stringify(read.value));
        world.emit({ type: 'text', text: state.text });
        return undefined;
      }
      problem = read.problem;
    }
    if (round === 0) say(state, `That could not be used: ${problem}\n${WISH}`);
  }
  return failure(problem);
}

function failure(problem: string): NexError {
  return new NexError('failed', `The answer does not fit the schema: ${problem.split('\n')[0]}`, {
    hint: '`nex --continue "…"` asks again; a simpler schema may help.',
  });
}
