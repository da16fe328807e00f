import { systemPrompt, turnPrompt } from '../context/system-prompt.ts';
import { patternLine } from '../memory/pattern.ts';
import { createRoom } from './compaction.ts';
import { planEvent, planText, TICK_OFF } from './plan.ts';
import { hasParts, planTask } from './planner.ts';
import { say } from './talk.ts';
import { learn, type TaskState, told } from './task-state.ts';

/** Gathers what the model gets to see and opens the turn with it. Plan, context and recall run together. */
export async function openTurn(state: TaskState): Promise<void> {
  const { world, session, request, signal } = state;
  // Between two turns is the best place to begin anew: nothing that is being worked on is lost.
  await createRoom(state).make();
  const assembled = world.context(request.task, signal);
  const plan = wantsPlan(state) ? planTask(world.light, request.task, signal) : undefined;
  // All of it together, the plan too: when one is stopped, nobody would be left to hear of another's end.
  const [context, memory, git, patterns, steps] = await Promise.all([
    assembled,
    session.system.length > 0 ? undefined : world.memory(request.task),
    world.gitSummary(),
    world.hasLessons() ? world.patterns() : undefined,
    plan,
  ]);
  const files = context.files.map(({ path }) => path);
  const recalled = patterns?.recallForTask({ task: request.task, files }) ?? [];
  // Where nothing was learned yet the store is opened at the first failure.
  if (patterns) await learn(state, recalled);
  if (memory) {
    session.system = systemPrompt({ memory: world.redact(memory.text) });
    world.journal.prefix(session.system);
  }
  world.emit({
    type: 'context',
    // What is known of a file beyond this stays here: its bytes would fill every journal.
    files: context.files.map(({ path, mode, tokens }) => ({ path, mode, tokens })),
    memory_tokens: memory?.tokens ?? 0,
    errors: recalled.length,
    tokens: context.tokens,
  });
  for (const pattern of recalled) world.emit({ type: 'error.recalled', ...told(pattern), moment: 'start' });
  if (steps) {
    state.plan = { steps, done: new Set() };
    world.emit(planEvent(state.plan));
  }
  // What an interrupted run left behind is part of the task that goes on.
  if (session.resumed !== undefined && (await world.leftChanges())) {
    await world.history?.checkpoint({ tool: 'resume', detail: session.resumed });
  }
  // The turn after this one follows it, and resumes nothing.
  delete session.resumed;
  const text = turnPrompt({
    errors: recalled.map((pattern) => `- ${patternLine(pattern)}`).join('\n'),
    code: context.text,
    date: world.clock.now().toISOString().slice(0, 10),
    cwd: world.cwd,
    shell: world.shellName,
    git,
    plan: state.plan ? `${planText(state.plan)}\n${TICK_OFF}` : '',
    piped: request.piped,
    task: request.task,
  });
  say(state, text);
}

function wantsPlan({ world, request }: TaskState): boolean {
  switch (world.settings.plan) {
    case 'always':
      return true;
    case 'never':
      return false;
    case 'auto':
      return hasParts(request.task);
  }
}
