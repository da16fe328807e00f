import * as z from 'zod';
import type { Model } from '../model/model.ts';
import { askForJson } from '../model/structured.ts';

export interface PlanStep {
  title: string;
  files: string[];
}

const SYSTEM = `You split a coding task into steps for another engineer who has the repository at hand. Give 1 to 7 steps, each a short imperative sentence with the files it will likely touch (empty when unknown). Keep to what the task says: no extra work, no step for reading, planning or summing up.`;

const PLAN = z.object({ steps: z.array(z.object({ title: z.string(), files: z.array(z.string()) })) });

/** True when a task has parts: several sentences, list items, or clauses joined by "and then". */
export function hasParts(task: string): boolean {
  const items = task.split('\n').filter((line) => /^\s*([-*+•]|\d+[.)])\s+\S/.test(line)).length;
  if (items >= 2 || /\b(and|und) then\b|;\s*then\b/i.test(task)) return true;
  // A sentence ends before a space and a capital; the dot of `src/a.js` and `e.g. this` is none.
  const sentences = task
    .split(/(?<=[.!?])\s+(?=[\p{Lu}\p{Lo}])/u)
    .filter((sentence) => sentence.trim().split(/\s+/).length >= 2);
  return sentences.length >= 3;
}

/**
 * The steps of a task, from one call of the light model. Undefined when it gave none that can be read: a
 * failed plan never stops a task. Rejects only when the signal aborts.
 */
export async function planTask(model: Model, task: string, signal: AbortSignal): Promise<PlanStep[] | undefined> {
  try {
    const plan = await askForJson(
      model,
      {
        purpose: 'plan',
        system: [SYSTEM],
        messages: [{ role: 'user', text: `Task:\n${task}` }],
        maxTokens: 2048,
        signal,
      },
      PLAN,
    );
    const steps = plan?.steps.filter((step) => step.title.trim() !== '').slice(0, 7) ?? [];
    return steps.length === 0 ? undefined : steps;
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}
