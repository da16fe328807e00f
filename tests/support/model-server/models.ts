import type { JsonObject } from '../../../src/model/message.ts';

export const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'] as const;
export type ThinkingType = 'adaptive' | 'between_tools' | 'disabled' | 'enabled';

/** What a model accepts and how it behaves. */
export interface ModelRules {
  displayName: string;
  lifecycle: 'active' | 'deprecated' | 'retired';
  /** Input tokens that fit. */
  window: number;
  maxOutput: number;
  /** A prefix shorter than this is silently not cached. */
  minCacheTokens: number;
  defaultEffort: (typeof EFFORTS)[number];
  thinking: readonly ThinkingType[];
  /** `tool_choice` any and tool. */
  forcedTools: boolean;
  /** A conversation that ends with an assistant message. */
  prefill: boolean;
  /** `role: system` inside `messages`. */
  systemMessages: boolean;
  /** Sampling parameters under the old API version. */
  sampling: boolean;
  /** Progress updates between tool calls. */
  notes: boolean;
  /** The other models whose thinking blocks it can read; the rest are dropped. */
  reads: readonly string[];
}

export type ModelTable = Readonly<Record<string, ModelRules>>;

const sonnet: ModelRules = {
  displayName: 'Claude Sonnet 5.5',
  lifecycle: 'active',
  window: 1_000_000,
  maxOutput: 128_000,
  minCacheTokens: 512,
  defaultEffort: 'high',
  thinking: ['adaptive', 'between_tools'],
  forcedTools: false,
  prefill: false,
  systemMessages: true,
  sampling: false,
  notes: true,
  reads: ['claude-sonnet-5', 'claude-opus-4-8', 'claude-haiku-4-5', 'claude-sonnet-4-6', 'claude-sonnet-4-5-20250929'],
};

const haiku: ModelRules = {
  ...sonnet,
  displayName: 'Claude Haiku 5.5',
  defaultEffort: 'medium',
  thinking: ['adaptive', 'disabled'],
  forcedTools: true,
  // Nobody has confirmed that it takes them, so a client must not count on it.
  systemMessages: false,
  notes: false,
  reads: [],
};

/** Rules for models before 5.5, as lenient as the facts about them are few. */
const older: ModelRules = {
  ...sonnet,
  displayName: 'An older Claude',
  minCacheTokens: 1024,
  thinking: ['adaptive', 'disabled', 'enabled'],
  forcedTools: true,
  sampling: true,
  systemMessages: false,
  notes: false,
  reads: [],
};

const MODELS: ModelTable = {
  'claude-sonnet-5-5': sonnet,
  'claude-haiku-5-5': haiku,
  'claude-opus-5-5': { ...older, displayName: 'Claude Opus 5.5' },
  'claude-sonnet-5': { ...older, displayName: 'Claude Sonnet 5' },
  'claude-opus-4-8': { ...older, displayName: 'Claude Opus 4.8' },
  'claude-sonnet-4-6': { ...older, displayName: 'Claude Sonnet 4.6', maxOutput: 64_000 },
  'claude-haiku-4-5': { ...older, displayName: 'Claude Haiku 4.5', maxOutput: 64_000, prefill: true },
  'claude-sonnet-4-5-20250929': {
    ...older,
    displayName: 'Claude Sonnet 4.5',
    lifecycle: 'deprecated',
    maxOutput: 64_000,
    prefill: true,
  },
  'claude-sonnet-4-20250514': { ...older, displayName: 'Claude Sonnet 4', lifecycle: 'retired' },
};

/** The known models with these changes; a name that is not known starts from the main model's rules. */
export function modelTable(changes: Readonly<Record<string, Partial<ModelRules>>> = {}): ModelTable {
  const table = { ...MODELS };
  for (const [id, change] of Object.entries(changes))
    table[id] = { ...(table[id] ?? sonnet), displayName: id, ...change };
  return table;
}

/** A model as `GET /v1/models` describes it. */
export function modelInfo(id: string, rules: ModelRules): JsonObject {
  const can = (supported: boolean) => ({ supported });
  const thinking = (type: ThinkingType) => can(rules.thinking.includes(type));
  return {
    type: 'model',
    id,
    display_name: rules.displayName,
    line: /haiku|sonnet|opus/.exec(id)?.[0] ?? null,
    lifecycle: rules.lifecycle,
    created_at: '2026-09-28T00:00:00Z',
    deprecated_at: rules.lifecycle === 'active' ? null : '2026-09-30T00:00:00Z',
    retires_at: rules.lifecycle === 'active' ? null : '2026-11-30T00:00:00Z',
    max_input_tokens: rules.window,
    max_tokens: rules.maxOutput,
    capabilities: {
      batch: can(true),
      citations: can(true),
      code_execution: can(false),
      context_management: {
        supported: true,
        clear_thinking_20251015: can(true),
        clear_tool_uses_20250919: can(true),
        compact_20260112: can(true),
      },
      effort: { supported: true, ...Object.fromEntries(EFFORTS.map((level) => [level, can(true)])) },
      image_input: can(true),
      pdf_input: can(true),
      server_tools: { supported: false, code_execution: can(false), web_search: can(false) },
      structured_outputs: can(true),
      thinking: {
        supported: true,
        types: {
          adaptive: thinking('adaptive'),
          between_tools: thinking('between_tools'),
          disabled: thinking('disabled'),
          enabled: thinking('enabled'),
        },
      },
    },
  };
}
