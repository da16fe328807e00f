import { systemPrompt, turnPrompt } from '../context/system-prompt.ts';
import { hasParts, planTask, planText } from './planner.ts';
import { say } from './talk.ts';
import type { TaskState } from './task-state.ts';

/** Gathers what the model gets to see and opens the turn with it. Plan, context and recall run together. */
export async function openTurn(state: TaskState): Promise<void> {
  const { world, session, request, signal } = state;
  const assembled = world.context(request.task, signal);
  const plan = wantsPlan(state)
    ? assembled.then(({ files }) =>
        planTask(
          world.light,
          request.task,
          files.map(({ path }) => path),
          signal,
        ),
      )
    : undefined;
  const [context, memory, git, learner] = await Promise.all([
    assembled,
    session.system.length > 0 ? undefined : world.memory(request.task),
    world.gitSummary(),
    world.learner(request.task),
  ]);
  state.learner = learner;
  const patterns = await world.recall(
    request.task,
    context.files.map(({ path }) => path),
  );
  const steps = await plan;
  if (memory) {
    session.system = systemPrompt({ memory: world.redact(memory.text) });
    world.journal.prefix(session.system);
  }
  world.emit({
    type: 'context',
    files: context.files,
    memory_tokens: memory?.tokens ?? 0,
    errors: patterns.length,
    tokens: context.tokens,
  });
  for (const pattern of patterns) world.emit({ type: 'error.recalled', ...pattern, moment: 'start' });
  if (steps) world.emit({ type: 'plan', steps });
  const text = turnPrompt({
    errors: patterns.map(({ what_failed, what_fixed }) => `- ${what_failed}\n  Fixed by: ${what_fixed}`).join('\n'),
    code: context.text,
    date: world.clock.now().toISOString().slice(0, 10),
    cwd: world.cwd,
    shell: world.shellName,
    git,
    plan: steps ? planText(steps) : '',
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
