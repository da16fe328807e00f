import { openWorkspace } from '../../../src/platform/disk-workspace.ts';
import { systemShell } from '../../../src/platform/system-shell.ts';
import type { Workspace } from '../../../src/platform/workspace.ts';
import { SeenFiles } from '../../../src/tools/seen-files.ts';
import type { Tool, ToolContext, ToolResult } from '../../../src/tools/tool.ts';
import { createToolbox } from '../../../src/tools/toolbox.ts';
import type { TempProject } from '../../support/temp-project.ts';

/** The five tools at work on a throw-away project, called as the loop calls them. */
export interface ToolBench {
  context: ToolContext;
  /** What went to the screen. */
  readonly screen: string[];
  call(name: string, input: Record<string, unknown>): Promise<ToolResult>;
  /** As `call`, for a call that must succeed: its output. */
  output(name: string, input: Record<string, unknown>): Promise<string>;
  /** As `call`, for a call that must fail: its error. */
  error(name: string, input: Record<string, unknown>): Promise<string>;
}

export async function toolBench(
  project: TempProject,
  options: { tools?: readonly Tool[]; workspace?: Workspace; context?: Partial<ToolContext> } = {},
): Promise<ToolBench> {
  const screen: string[] = [];
  const tools = options.tools ?? createToolbox({ env: process.env });
  const context: ToolContext = {
    workspace: options.workspace ?? (await openWorkspace({ root: project.root })),
    shell: systemShell({ env: process.env, marker: 'test-bench' }),
    seen: new SeenFiles(),
    signal: new AbortController().signal,
    emitOutput: (text) => screen.push(text),
    outputFilter: () => ({ push: (text) => text, end: () => '' }),
    spoolFile: (name) => project.path(`.nex/sessions/${name}`),
    restore: (text) => ({ ok: true, text }),
    isSecret: (path) => /(^|\/)\.env$/.test(path),
    ...options.context,
  };
  const call = async (name: string, input: Record<string, unknown>): Promise<ToolResult> => {
    const tool = tools.find(({ spec }) => spec.name === name);
    const parsed = tool?.parse(JSON.parse(JSON.stringify(input)));
    if (!tool || !parsed?.ok) throw new Error(parsed?.ok === false ? parsed.error : `no tool ${name}`);
    return tool.run(parsed.input, context);
  };
  return {
    context,
    screen,
    call,
    async output(name, input) {
      const result = await call(name, input);
      if (!result.ok) throw new Error(result.error);
      return result.output;
    },
    async error(name, input) {
      const result = await call(name, input);
      if (result.ok) throw new Error(`worked: ${result.output}`);
      return result.error;
    },
  };
}
