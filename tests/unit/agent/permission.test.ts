import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Answer, Asker } from '../../../src/agent/ask.ts';
import { createPermit, type PermissionOptions } from '../../../src/agent/permission.ts';
import type { ToolCall } from '../../../src/model/message.ts';
import type { Judgement } from '../../../src/safety/policy.ts';
import { defineTool, type Tool } from '../../../src/tools/tool.ts';
import { recorder } from '../../support/recorder.ts';

const signal = new AbortController().signal;
const run: ToolCall = { id: 'c1', name: 'run_command', input: { command: 'rm -rf build' } };
const tool = (effect: Tool['effect']): Tool =>
  defineTool({
    name: 'run_command',
    description: '',
    effect,
    input: z.object({}),
    run: async () => ({ ok: true, output: '' }),
  }) as Tool;
const allow: Judgement = { verdict: 'allow', parts: [], readOnly: false };
const ask: Judgement = {
  verdict: 'ask',
  rule: 'files.rm',
  reason: 'removes a folder',
  safer: 'move it away',
  parts: [],
  readOnly: false,
};

function person(answer: Answer | undefined): Asker & { asked: number } {
  const asker = {
    asked: 0,
    present: answer !== undefined,
    ask: async () => {
      asker.asked += 1;
      return answer ?? { answer: 'no' as const };
    },
  };
  return asker;
}

function permission(more: Partial<PermissionOptions>) {
  const events = recorder();
  const refused: PermissionOptions['refused'] = [];
  const permit = createPermit({
    judge: async () => allow,
    asker: person(undefined),
    emit: events.emit,
    trusted: async () => true,
    refused,
    dryRun: undefined,
    ...more,
  });
  return { permit, events, refused };
}

describe('createPermit', () => {
  it('lets an allowed command run in a trusted repository', async () => {
    const { permit } = permission({});
    expect(await permit(run, tool('run'), signal)).toEqual({ kind: 'run', readOnly: false });
  });

  it('asks a person about a flagged command and tells both sides of it', async () => {
    const asker = person({ answer: 'yes' });
    const { permit, events } = permission({ judge: async () => ask, asker });
    expect(await permit(run, tool('run'), signal)).toEqual({ kind: 'run', readOnly: false });
    expect(events.of('approval')).toEqual([
      {
        type: 'approval',
        id: 'c1',
        command: 'rm -rf build',
        rule: 'files.rm',
        reason: 'removes a folder',
        safer: 'move it away',
      },
      {
        type: 'approval',
        id: 'c1',
        command: 'rm -rf build',
        rule: 'files.rm',
        reason: 'removes a folder',
        safer: 'move it away',
        answer: 'yes',
      },
    ]);
  });

  it('refuses a flagged command when nobody is there, and says what would be safer', async () => {
    const { permit, refused } = permission({ judge: async () => ask });
    expect(await permit(run, tool('run'), signal)).toEqual({
      kind: 'refuse',
      reason: 'Not run: removes a folder. Nobody was there to approve it. Safer: move it away',
    });
    expect(refused).toEqual([{ command: 'rm -rf build', rule: 'files.rm', reason: 'removes a folder' }]);
  });

  it('hands a typed reason to the model', async () => {
    const { permit } = permission({ judge: async () => ask, asker: person({ answer: 'no', said: 'keep the logs' }) });
    expect(await permit(run, tool('run'), signal)).toMatchObject({
      reason: 'Not run: removes a folder. The user said no: keep the logs. Safer: move it away',
    });
  });

  it('never asks about what is denied', async () => {
    const asker = person({ answer: 'yes' });
    const { permit } = permission({ judge: async () => ({ ...ask, verdict: 'deny' }), asker });
    expect((await permit(run, tool('run'), signal)).kind).toBe('refuse');
    expect(asker.asked).toBe(0);
  });

  it("runs none of an untrusted repository's code, but reads", async () => {
    const untrusted = permission({ trusted: async () => false });
    expect((await untrusted.permit(run, tool('run'), signal)).kind).toBe('refuse');
    expect(untrusted.refused[0]?.rule).toBe('trust');
    const reading = permission({ trusted: async () => false, judge: async () => ({ ...allow, readOnly: true }) });
    expect(await reading.permit(run, tool('run'), signal)).toEqual({ kind: 'run', readOnly: true });
  });

  it('in a dry run notes commands instead of running them, and asks nobody', async () => {
    const planned: string[] = [];
    const asker = person({ answer: 'yes' });
    const { permit } = permission({
      judge: async () => ask,
      asker,
      dryRun: { plan: (command) => void planned.push(command), mayRead: () => true },
    });
    expect((await permit(run, tool('run'), signal)).kind).toBe('pretend');
    expect(planned).toEqual(['rm -rf build']);
    expect(asker.asked).toBe(0);
  });

  it('in a dry run lets a read-only command run until something was written', async () => {
    const readOnly = async () => ({ ...allow, readOnly: true });
    const before = permission({ judge: readOnly, dryRun: { plan: () => {}, mayRead: () => true } });
    expect((await before.permit(run, tool('run'), signal)).kind).toBe('run');
    const after = permission({ judge: readOnly, dryRun: { plan: () => {}, mayRead: () => false } });
    expect((await after.permit(run, tool('run'), signal)).kind).toBe('pretend');
  });
});
