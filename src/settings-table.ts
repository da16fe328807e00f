// One row a setting makes this file long: it is a table, with the few functions that read it.
import type { Effort } from './model/model.ts';
import type { PriceOverrides } from './model/prices.ts';

/** The commands of a project or a user that nex may run by itself, and what stands in one rule list. */
export interface SafetyLists {
  ask: readonly string[];
  deny: readonly string[];
}

/** What nex runs with, after flags, environment and files were put together. */
export interface Settings {
  model: string;
  lightModel: string;
  effort: Effort;
  maxIterations: number;
  maxCost: number | undefined;
  maxCostPerDay: number | undefined;
  contextBudget: number;
  compactAt: number;
  contextWindow: number | undefined;
  /** Undefined: nobody said, so the first run of a new user is a preview. */
  dryRun: boolean | undefined;
  plan: 'auto' | 'always' | 'never';
  review: boolean;
  wrapUp: boolean;
  testCommand: string | undefined;
  /** Seconds. */
  testTimeout: number;
  lintCommand: string | undefined;
  /** A formatter's command; the files nex wrote are appended. */
  format: string | undefined;
  /** Input tokens a minute; 0 is no limit. */
  tokenRateLimit: number;
  logLevel: 'error' | 'warn' | 'info' | 'debug';
  notify: 'off' | 'bell' | 'osc9';
  coAuthor: string | undefined;
  guarded: readonly string[];
  alwaysInclude: readonly string[];
  baseUrl: string | undefined;
  safety: { global: SafetyLists; project: SafetyLists };
  prices: PriceOverrides;
}

/** The settings that a key in a file, a variable or a flag can set. */
export type SettingName = Exclude<keyof Settings, 'safety' | 'prices'>;

type Shape =
  | { type: 'text' }
  | { type: 'switch' }
  | { type: 'whole'; least: number; most: number }
  | { type: 'number'; least: number }
  | { type: 'choice'; of: readonly string[] }
  | { type: 'list' };

/**
 * What a project's file may do with a key: a cloned repository is not trusted, so it can only make nex
 * stricter or cheaper. `lower` compares numbers and, for choices, their order in the list.
 */
type ProjectRule = 'anything' | 'nothing' | 'lower' | 'only-true';

export interface SettingRow {
  name: SettingName;
  /** In config.toml. */
  key: string;
  shape: Shape;
  project: ProjectRule;
  variable?: string;
  /** Nex AI let a project's file set it. */
  former?: true;
  fallback?: Settings[SettingName];
  about: string;
}

const most = Number.MAX_SAFE_INTEGER;

/** Every setting: one row says all that is known of it. */
export const SETTINGS: readonly SettingRow[] = [
  {
    name: 'model',
    key: 'model',
    shape: { type: 'text' },
    project: 'nothing',
    variable: 'NEX_MODEL',
    former: true,
    fallback: 'claude-sonnet-5-5',
    about: 'the main model',
  },
  {
    name: 'lightModel',
    key: 'light_model',
    shape: { type: 'text' },
    project: 'nothing',
    variable: 'NEX_LIGHT_MODEL',
    about: 'the model for planning and wrap-up',
  },
  {
    name: 'baseUrl',
    key: 'base_url',
    shape: { type: 'text' },
    project: 'nothing',
    variable: 'ANTHROPIC_BASE_URL',
    about: 'a server that speaks the Messages API',
  },
  {
    name: 'effort',
    key: 'effort',
    shape: { type: 'choice', of: ['low', 'medium', 'high'] },
    project: 'lower',
    fallback: 'medium',
    about: 'how hard the model thinks',
  },
  {
    name: 'maxIterations',
    key: 'max_iterations',
    shape: { type: 'whole', least: 1, most },
    project: 'lower',
    variable: 'NEX_MAX_ITERATIONS',
    former: true,
    fallback: 25,
    about: 'tool calls a task or chat turn',
  },
  {
    name: 'maxCost',
    key: 'max_cost',
    shape: { type: 'number', least: 0 },
    project: 'lower',
    variable: 'NEX_MAX_COST',
    about: 'US dollars a task',
  },
  {
    name: 'maxCostPerDay',
    key: 'max_cost_per_day',
    shape: { type: 'number', least: 0 },
    project: 'lower',
    about: 'US dollars a day',
  },
  {
    name: 'contextBudget',
    key: 'context_budget',
    shape: { type: 'whole', least: 0, most: 150_000 },
    project: 'anything',
    fallback: 24_000,
    about: 'tokens of code sent with a task',
  },
  {
    name: 'compactAt',
    key: 'compact_at',
    shape: { type: 'whole', least: 10_000, most },
    project: 'anything',
    fallback: 300_000,
    about: 'tokens at which a conversation is summed up',
  },
  {
    name: 'contextWindow',
    key: 'context_window',
    shape: { type: 'whole', least: 1000, most },
    project: 'anything',
    about: "the model's window, for models nex does not know",
  },
  {
    name: 'dryRun',
    key: 'dry_run',
    shape: { type: 'switch' },
    project: 'only-true',
    variable: 'NEX_DRY_RUN',
    former: true,
    about: 'show what would happen, change nothing',
  },
  {
    name: 'plan',
    key: 'plan',
    shape: { type: 'choice', of: ['never', 'auto', 'always'] },
    project: 'lower',
    fallback: 'auto',
    about: 'plan a task before it starts',
  },
  {
    name: 'review',
    key: 'review',
    shape: { type: 'switch' },
    project: 'only-true',
    fallback: true,
    about: 'an independent review of the diff',
  },
  {
    name: 'wrapUp',
    key: 'wrap_up',
    shape: { type: 'switch' },
    project: 'anything',
    fallback: true,
    about: 'keep what is worth keeping of a task',
  },
  {
    name: 'testCommand',
    key: 'test_command',
    shape: { type: 'text' },
    project: 'anything',
    variable: 'NEX_TEST_COMMAND',
    about: 'how the tests are run',
  },
  {
    name: 'testTimeout',
    key: 'test_timeout',
    shape: { type: 'whole', least: 1, most: 3600 },
    project: 'lower',
    variable: 'NEX_TEST_TIMEOUT',
    former: true,
    fallback: 600,
    about: 'seconds for the tests',
  },
  {
    name: 'lintCommand',
    key: 'lint_command',
    shape: { type: 'text' },
    project: 'anything',
    about: 'how the linter is run',
  },
  {
    name: 'format',
    key: 'format',
    shape: { type: 'text' },
    project: 'anything',
    about: 'a formatter for the files nex wrote',
  },
  {
    name: 'tokenRateLimit',
    key: 'token_rate_limit',
    shape: { type: 'whole', least: 0, most },
    project: 'lower',
    variable: 'NEX_TOKEN_RATE_LIMIT',
    former: true,
    fallback: 0,
    about: 'input tokens a minute, 0 is no limit',
  },
  {
    name: 'logLevel',
    key: 'log_level',
    shape: { type: 'choice', of: ['error', 'warn', 'info', 'debug'] },
    project: 'anything',
    variable: 'NEX_LOG_LEVEL',
    fallback: 'warn',
    about: 'how much is said about errors',
  },
  {
    name: 'notify',
    key: 'notify',
    shape: { type: 'choice', of: ['off', 'bell', 'osc9'] },
    project: 'anything',
    fallback: 'off',
    about: 'a sign when a task is done',
  },
  {
    name: 'coAuthor',
    key: 'co_author',
    shape: { type: 'text' },
    project: 'anything',
    about: 'a Co-authored-by trailer, `Name <mail>`',
  },
  {
    name: 'guarded',
    key: 'guarded',
    shape: { type: 'list' },
    project: 'anything',
    fallback: [],
    about: 'paths whose change is asked about',
  },
  {
    name: 'alwaysInclude',
    key: 'always_include',
    shape: { type: 'list' },
    project: 'anything',
    fallback: [],
    about: 'paths that are always sent',
  },
];

/** What a value must look like, for an error message. */
export function allowedIn(shape: Shape): string {
  switch (shape.type) {
    case 'text':
      return 'a text in quotes';
    case 'switch':
      return 'true or false';
    case 'whole':
      return shape.most === most
        ? `a whole number from ${shape.least}`
        : `a whole number from ${shape.least} to ${shape.most}`;
    case 'number':
      return `a number from ${shape.least}`;
    case 'choice':
      return shape.of.map((word) => `"${word}"`).join(', ');
    case 'list':
      return 'a list of texts';
  }
}

/** The value if it fits the shape; undefined when it does not. */
export function fitValue(shape: Shape, value: unknown): Settings[SettingName] | undefined {
  switch (shape.type) {
    case 'text':
      return typeof value === 'string' && value.trim() !== '' ? value : undefined;
    case 'switch':
      return typeof value === 'boolean' ? value : undefined;
    case 'whole':
      return Number.isSafeInteger(value) && Number(value) >= shape.least && Number(value) <= shape.most
        ? Number(value)
        : undefined;
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) && value >= shape.least ? value : undefined;
    case 'choice':
      return shape.of.find((word) => word === value);
    case 'list':
      return Array.isArray(value) && value.every((entry) => typeof entry === 'string') ? value : undefined;
  }
}

/** A variable's or a flag's text as the value it stands for; undefined when it stands for none. */
export function fitText(shape: Shape, text: string): Settings[SettingName] | undefined {
  switch (shape.type) {
    case 'switch':
      if (/^(true|1|yes|on)$/i.test(text)) return true;
      return /^(false|0|no|off)$/i.test(text) ? false : undefined;
    case 'whole':
    case 'number':
      return text.trim() === '' ? undefined : fitValue(shape, Number(text));
    case 'list':
      return text.split(',').map((part) => part.trim());
    case 'text':
    case 'choice':
      return fitValue(shape, shape.type === 'choice' ? text.toLowerCase() : text);
  }
}

/** True when a project's value makes nex no looser than what is in force without it. */
export function isStricter(row: SettingRow, value: Settings[SettingName], inForce: Settings[SettingName]): boolean {
  switch (row.project) {
    case 'anything':
      return true;
    case 'nothing':
      return false;
    case 'only-true':
      return value === true || value === inForce;
    case 'lower': {
      // No limit in force: any limit is stricter. 0 stands for "no limit" where the row says so.
      if (inForce === undefined || (row.name === 'tokenRateLimit' && inForce === 0)) return true;
      if (row.name === 'tokenRateLimit' && value === 0) return false;
      if (row.shape.type !== 'choice') return Number(value) <= Number(inForce);
      return row.shape.of.indexOf(String(value)) <= row.shape.of.indexOf(String(inForce));
    }
  }
}
