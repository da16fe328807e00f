import type { JsonObject } from '../../../src/model/message.ts';
import { isObject, textOf } from './json.ts';
import { EFFORTS, type ModelTable } from './models.ts';
import { refuse } from './refusal.ts';
import { type Asked, effortOf, outputConfigOf } from './request.ts';
import { checkSchema } from './strict-schema.ts';

const NEW_VERSION = '2026-10-21';
const VERSIONS = [NEW_VERSION, '2023-06-01'];

const COUNTED = ['model', 'messages', 'system', 'tools', 'tool_choice', 'thinking', 'output_config', 'cache_control'];
const ASKED = [
  ...COUNTED,
  ...[
    'max_tokens',
    'stream',
    'stop_sequences',
    'metadata',
    'service_tier',
    'diagnostics',
    'container',
    'inference_geo',
  ],
];
const SAMPLING = ['temperature', 'top_p', 'top_k'];

/** Fields and values that only exist with a beta header: the start of the beta's name. */
const BETA_FIELDS: Readonly<Record<string, string>> = {
  context_management: 'context-management-',
  compaction: 'compact-2026-09-04',
  fallbacks: 'server-side-fallback-',
  mcp_servers: 'mcp-client-',
  output_format: 'structured-outputs-',
};

const KNOWN_BETAS = [
  'thinking-binding-controls-2026-08-01',
  'thinking-display-updates-2026-08-18',
  'context-management-2025-06-27',
  'compact-2026-01-12',
  'compact-2026-09-04',
  'server-side-fallback-2026-07-01',
  'mid-conversation-output-config-2026-07-01',
  'mid-conversation-tool-changes-2026-07-01',
  'mid-conversation-system-clear-at-2026-08-21',
  'structured-outputs-2025-11-13',
];

type Headers = Readonly<Record<string, string>>;

/** Items 1 and 2: who asks, and in which version. `keys` undefined accepts any key. */
export function checkHeaders(
  headers: Headers,
  options: { keys: readonly string[] | undefined; strictBetas: boolean },
): { version: string; betas: ReadonlySet<string> } {
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers['authorization'] ?? '')?.[1];
  // A request that carries both is judged by x-api-key.
  const key = headers['x-api-key'] || bearer;
  if (key === undefined) {
    refuse(1, 'x-api-key header is required, or an Authorization header with a Bearer token', 401);
  }
  if (options.keys && !options.keys.includes(key)) {
    refuse(undefined, headers['x-api-key'] ? 'invalid x-api-key' : 'Invalid bearer token', 401);
  }
  const version = headers['anthropic-version'];
  if (!version) refuse(2, 'anthropic-version: header is required');
  if (!VERSIONS.includes(version)) refuse(2, `anthropic-version: "${version}" is not a valid version`);
  const betas = new Set((headers['anthropic-beta'] ?? '').split(',').flatMap((beta) => beta.trim() || []));
  const unknown = [...betas].find((beta) => !KNOWN_BETAS.includes(beta));
  if (options.strictBetas && unknown !== undefined) {
    refuse(45, `Unexpected value(s) \`${unknown}\` for the \`anthropic-beta\` header.`);
  }
  return { version, betas };
}

/** Item 3: a model that exists and is not retired. */
export function checkModel(body: JsonObject, table: ModelTable): string {
  const model = textOf(body['model']);
  if (model === '') refuse(3, 'model: Field required');
  const rules = table[model];
  if (rules === undefined || rules.lifecycle === 'retired') refuse(3, `model: ${model}`, 404);
  return model;
}

/** Items 5, 6 and 44: no field that this version does not know. */
export function checkFields(asked: Asked): void {
  const known = asked.counting ? COUNTED : ASKED;
  for (const name of Object.keys(asked.body)) {
    if (known.includes(name)) continue;
    if (SAMPLING.includes(name) && !asked.counting && asked.version !== NEW_VERSION) {
      checkSampling(asked, name);
      continue;
    }
    const beta = BETA_FIELDS[name];
    if (beta !== undefined && [...asked.betas].some((sent) => sent.startsWith(beta))) continue;
    const item = SAMPLING.includes(name) ? 6 : name === 'output_format' ? 44 : 5;
    refuse(item, `${name}: Extra inputs are not permitted`);
  }
  if (asked.body['stream'] !== undefined && typeof asked.body['stream'] !== 'boolean') {
    refuse(5, 'stream: Input should be a valid boolean');
  }
}

/** The old version's sampling parameters: the 5.5 models tolerate one of two defaults, and never top_k. */
function checkSampling({ body, rules }: Asked, name: string): void {
  if (rules.sampling) return;
  const isDefault = name === 'temperature' ? body[name] === 1 : name === 'top_p' ? body[name] === 0.99 : false;
  const alone = SAMPLING.filter((other) => body[other] !== undefined).length === 1;
  if (!isDefault || !alone) refuse(6, `\`${name}\` is deprecated for this model.`);
}

/** Item 7: a limit for the reply. 0 is legal: it only warms the cache. */
export function checkMaxTokens({ body, model, rules, counting }: Asked): void {
  if (counting) return;
  const limit = body['max_tokens'];
  if (limit === undefined) refuse(7, 'max_tokens: Field required');
  if (typeof limit !== 'number' || !Number.isInteger(limit)) refuse(7, 'max_tokens: Input should be a valid integer');
  if (limit < 0) refuse(7, 'max_tokens: Input should be greater than or equal to 0');
  if (limit > rules.maxOutput) {
    refuse(
      7,
      `max_tokens: ${limit} > ${rules.maxOutput}, which is the maximum allowed number of output tokens for ${model}`,
    );
  }
}

/** Items 28 (for the format) and 34: effort and structured output. */
export function checkOutputConfig(asked: Asked): void {
  if (asked.body['output_config'] !== undefined && !isObject(asked.body['output_config'])) {
    refuse(5, 'output_config: Input should be a valid dictionary');
  }
  for (const [name, value] of Object.entries(outputConfigOf(asked.body))) {
    if (name === 'effort') {
      if (!EFFORTS.some((level) => level === value)) {
        refuse(34, "output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'");
      }
    } else if (name === 'format') {
      if (!isObject(value) || value['type'] !== 'json_schema') {
        refuse(28, "output_config.format.type: Input should be 'json_schema'");
      }
      if (!isObject(value['schema'])) refuse(28, 'output_config.format.schema: Field required');
      const extra = Object.keys(value).find((key) => key !== 'type' && key !== 'schema');
      if (extra !== undefined) refuse(5, `output_config.format.${extra}: Extra inputs are not permitted`);
      checkSchema(value['schema'], 'output_config.format.schema');
    } else {
      refuse(5, `output_config.${name}: Extra inputs are not permitted`);
    }
  }
}

/** Items 31, 32, 33 and 35: how the model may think. */
export function checkThinking(asked: Asked): void {
  const thinking = asked.body['thinking'];
  if (thinking === undefined) return;
  if (!isObject(thinking)) refuse(31, 'thinking: Input should be a valid dictionary');
  const type = textOf(thinking['type']);
  const accepted = asked.rules.thinking.some((known) => known === type);
  const hard = ['xhigh', 'max'].includes(effortOf(asked));

  if (type === 'enabled' && !accepted) {
    refuse(
      31,
      '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.',
    );
  }
  if (type === 'disabled' && !accepted) {
    refuse(
      32,
      'To turn thinking off on this model, send "thinking": {"type": "between_tools"}. "thinking.type.disabled" is not supported.',
    );
  }
  if (type === 'disabled' && hard && !asked.rules.sampling) {
    refuse(32, '"thinking.type.disabled" is not supported at effort "xhigh" or "max".');
  }
  if (type === 'between_tools' && !accepted) {
    refuse(32, '"thinking.type.between_tools" is not supported for this model.');
  }
  if (!accepted) refuse(31, `thinking.type: Input tag '${type}' does not match any of the expected tags`);
  if (type === 'between_tools' && hard) {
    refuse(33, '"thinking.type.between_tools" is not supported at effort "xhigh" or "max".');
  }

  const own: Readonly<Record<string, readonly string[]>> = {
    adaptive: ['type', 'display', 'block_binding'],
    enabled: ['type', 'display', 'budget_tokens'],
  };
  const extra = Object.keys(thinking).find((name) => !(own[type] ?? ['type']).includes(name));
  if (extra !== undefined) {
    refuse(type === 'between_tools' ? 33 : 5, `thinking.${type}.${extra}: Extra inputs are not permitted`);
  }
  checkThinkingBetas(asked, thinking);
}

function checkThinkingBetas({ betas }: Asked, thinking: JsonObject): void {
  const display = thinking['display'] ?? 'omitted';
  if (display !== 'omitted' && display !== 'summarized' && display !== 'updates') {
    refuse(35, "thinking.adaptive.display: Input should be 'summarized' or 'omitted'");
  }
  if (display === 'updates' && !betas.has('thinking-display-updates-2026-08-18')) {
    refuse(35, "thinking.adaptive.display: Input should be 'summarized' or 'omitted'");
  }
  if (thinking['block_binding'] !== undefined && !betas.has('thinking-binding-controls-2026-08-01')) {
    refuse(35, 'thinking.adaptive.block_binding: Extra inputs are not permitted');
  }
}

/** Items 13 and 41 for the system prompt: text blocks only, none of them empty. */
export function checkSystem({ body, system }: Asked): void {
  const sent = body['system'];
  if (sent === undefined || typeof sent === 'string') return;
  if (!Array.isArray(sent)) refuse(5, 'system: Input should be a valid string or list');
  for (const [index, block] of system.entries()) {
    if (block['type'] !== 'text') refuse(5, `system.${index}.type: Input should be 'text'`);
    const extra = Object.keys(block).find((name) => !['type', 'text', 'cache_control', 'citations'].includes(name));
    if (extra !== undefined) refuse(5, `system.${index}.${extra}: Extra inputs are not permitted`);
    if (textOf(block['text']).trim() !== '') continue;
    if (block['cache_control']) refuse(41, `system.${index}.text: cache_control cannot be set for empty text blocks`);
    refuse(13, 'system: text content blocks must be non-empty');
  }
}
