import type { JsonObject } from '../../../src/model/message.ts';
import type { Issued } from './issued.ts';
import { blocksOf, objectsOf } from './json.ts';
import type { ModelTable } from './models.ts';
import { type PromptPart, promptParts, promptTokens } from './prompt-cache.ts';
import { refuse } from './refusal.ts';
import { type Asked, messagesOf } from './request.ts';
import { checkCacheMarkers } from './rules-cache.ts';
import { checkMessages } from './rules-messages.ts';
import {
  checkFields,
  checkHeaders,
  checkMaxTokens,
  checkModel,
  checkOutputConfig,
  checkSystem,
  checkThinking,
} from './rules-request.ts';
import { checkToolChoice, checkTools } from './rules-tools.ts';
import { checkThinkingBlocks, type ThinkingState } from './signatures.ts';

/** How strict the server is, and what it knows. */
export interface House {
  models: ModelTable;
  keys: readonly string[] | undefined;
  strictBetas: boolean;
  oldAccount: boolean;
  /** False for a host that signs no thinking. */
  signatures: boolean;
  issued: Issued;
}

/** A request that the real API would take, and what the model gets to see of it. */
export interface Accepted {
  asked: Asked;
  thinking: ThinkingState;
  parts: readonly PromptPart[];
}

/** Throws the `Refusal` that the API would answer with; the rules are numbered as they are in the list. */
export function examine(
  body: JsonObject,
  headers: Readonly<Record<string, string>>,
  house: House,
  counting: boolean,
): Accepted {
  const { version, betas } = checkHeaders(headers, house);
  const model = checkModel(body, house.models);
  const rules = house.models[model] ?? refuse(3, `model: ${model}`, 404);
  const asked: Asked = {
    counting,
    version,
    betas,
    body,
    model,
    rules,
    tools: objectsOf(body['tools']),
    system: blocksOf(body['system']),
    messages: messagesOf(body),
  };
  checkFields(asked);
  checkMaxTokens(asked);
  checkOutputConfig(asked);
  checkThinking(asked);
  checkSystem(asked);
  checkTools(asked);
  checkToolChoice(asked);
  checkMessages(asked, house.issued);
  checkCacheMarkers(asked);
  const thinking = house.signatures ? checkThinkingBlocks(asked, house) : { dropped: [], last: '' };
  const parts = promptParts(asked, new Set(thinking.dropped.map(({ block }) => block)));
  const tokens = promptTokens(parts);
  if (!counting && tokens > rules.window) refuse(42, `prompt is too long: ${tokens} tokens > ${rules.window} maximum`);
  return { asked, thinking, parts };
}
