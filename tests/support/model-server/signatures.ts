import { createHmac } from 'node:crypto';
import type { JsonObject } from '../../../src/model/message.ts';
import { canonicalOf, digest, isObject, textOf } from './json.ts';
import { refuse } from './refusal.ts';
import type { Asked, AskedMessage } from './request.ts';

/**
 * What a signature says about its thinking block. It travels inside the signature itself, so a server that is
 * started anew still knows the blocks of the one before.
 */
interface Seal {
  model: string;
  /** The prefix that the block is bound to: digests of system, tools and everything said before its message. */
  system: string;
  tools: string;
  said: string;
  /** Digest of its own text. */
  text: string;
  /** The message it came in, its place among that message's thinking blocks, and how many those are. */
  message: string;
  place: number;
  of: number;
  /** How many binding blocks of its message come before it, and the last call among them. */
  before: number;
  call: string;
  /** Digest of the signature of the thinking block before it in the conversation; '' for the first. */
  previous: string;
}

/** A thinking block that the model does not get to see. */
export interface Dropped {
  block: JsonObject;
  path: string;
  reason: 'model_binding_mismatch' | 'prefix_binding_mismatch';
}

export interface ThinkingState {
  dropped: readonly Dropped[];
  /** Digest of the last signature that was kept; '' for none. */
  last: string;
}

/** The key is no secret: it only tells the server's own signatures from invented ones. */
function sealed(seal: Seal): string {
  const text = JSON.stringify(seal);
  return Buffer.from(JSON.stringify([text, macOf(text)])).toString('base64');
}

function opened(signature: string): Seal | undefined {
  try {
    const [text, mac]: [string, string] = JSON.parse(Buffer.from(signature, 'base64').toString());
    return macOf(text) === mac ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

function macOf(text: string): string {
  return createHmac('sha256', 'model-server').update(text).digest('base64url').slice(0, 24);
}

function isThinking(block: JsonObject): boolean {
  return block['type'] === 'thinking' || block['type'] === 'redacted_thinking';
}

function signatureOf(block: JsonObject): string {
  return textOf(block['type'] === 'thinking' ? block['signature'] : block['data']);
}

/** What a block can be bound to: not thinking, and not blank text, which a client has to leave out. */
function isBinding(block: JsonObject): boolean {
  return !isThinking(block) && !(block['type'] === 'text' && textOf(block['text']).trim() === '');
}

/** Digests of a request's prefix: of system, of tools, and of the conversation after each binding block. */
interface Prefix {
  system: string;
  tools: string;
  said: readonly string[];
}

function prefixOf({ system, tools, messages }: Asked): Prefix {
  const said = [''];
  for (const { role, blocks } of messages) {
    for (const block of blocks) {
      if (isBinding(block)) said.push(digest(said.at(-1) ?? '', role, canonicalOf(block)));
    }
  }
  return { system: digest(...system.map(canonicalOf)), tools: digest(...tools.map(canonicalOf)), said };
}

/** The blocks of a new reply with their thinking signed; `last` is what `checkThinkingBlocks` found. */
export function signed(content: readonly JsonObject[], asked: Asked, message: string, last: string): JsonObject[] {
  const prefix = prefixOf(asked);
  const of = content.filter(isThinking).length;
  const state = { place: 0, before: 0, call: '', previous: last };
  return content.map((block) => {
    if (!isThinking(block)) {
      if (isBinding(block)) state.before += 1;
      if (block['type'] === 'tool_use') state.call = textOf(block['id']);
      return block;
    }
    const signature = sealed({
      model: asked.model,
      system: prefix.system,
      tools: prefix.tools,
      said: prefix.said.at(-1) ?? '',
      text: digest(textOf(block['thinking'])),
      message,
      of,
      ...state,
    });
    state.place += 1;
    state.previous = digest(signature);
    return block['type'] === 'thinking' ? { ...block, signature } : { ...block, data: signature };
  });
}

/**
 * Items 36 to 39: the thinking blocks that come back. Refuses what was changed; returns what the model may not
 * see. `oldAccount` leaves out the check of the prefix, unless the request itself asks for it.
 */
export function checkThinkingBlocks(asked: Asked, options: { oldAccount: boolean }): ThinkingState {
  const latest = asked.messages.findLast(({ role }) => role === 'assistant');
  const binding = bindingOf(asked);
  const prefix = prefixOf(asked);
  const dropped: Dropped[] = [];
  let last = '';
  let others = 0;
  for (const message of asked.messages) {
    if (message === latest) checkUnchanged(message);
    for (const [place, block] of message.blocks.entries()) {
      if (!isThinking(block)) {
        if (isBinding(block)) others += 1;
        continue;
      }
      const path = `messages.${message.index}.content.${place}`;
      const seal = opened(signatureOf(block));
      if (seal === undefined || seal.text !== digest(textOf(block['thinking']))) {
        refuse(37, `${path}: Invalid \`signature\` in \`${textOf(block['type'])}\` block`);
      }
      if (seal.model !== asked.model && !asked.rules.reads.includes(seal.model)) {
        dropped.push({ block, path, reason: 'model_binding_mismatch' });
        continue;
      }
      const changed = changeOf(seal, prefix, prefix.said[others - seal.before], last);
      if (changed !== undefined && (binding !== undefined || !options.oldAccount)) {
        if (binding !== 'drop_block') {
          refuse(
            38,
            `${path}: Invalid \`signature\` in \`${textOf(block['type'])}\` block. The block is bound to a different conversation. Remove the block, or set \`thinking.block_binding.prefix_mismatch_behavior\` to "drop_block". ${changed}`,
          );
        }
        dropped.push({ block, path, reason: 'prefix_binding_mismatch' });
        continue;
      }
      last = digest(signatureOf(block));
    }
  }
  return { dropped, last };
}

/** What of the prefix is not as it was; undefined when all of it is. */
function changeOf(seal: Seal, prefix: Prefix, said: string | undefined, last: string): string | undefined {
  if (seal.system !== prefix.system) return 'The `system` prompt differs from the one the block was created with.';
  if (seal.tools !== prefix.tools) return 'The `tools` differ from those the block was created with.';
  if (seal.said !== said) return 'The messages before the block differ from those it was created after.';
  // Without any block before it, a leading run of the oldest blocks was removed, which is allowed.
  if (last !== '' && seal.previous !== '' && seal.previous !== last)
    return 'A thinking block before it was removed or moved.';
  return undefined;
}

/** Item 36: of the latest assistant message, all thinking blocks or none, each in its place and as it was. */
function checkUnchanged({ index, blocks }: AskedMessage): void {
  const expected = new Map<string, number>();
  let call = '';
  let end = 0;
  let short: { message: string; of: number } | undefined;
  for (const [place, block] of blocks.entries()) {
    if (block['type'] === 'tool_use') call = textOf(block['id']);
    if (!isThinking(block)) continue;
    const seal = opened(signatureOf(block));
    // An unknown signature has an error of its own.
    if (seal === undefined) return;
    const next = expected.get(seal.message) ?? 0;
    if (seal.place !== next || seal.call !== call || seal.text !== digest(textOf(block['thinking']))) {
      refuseChange(index, place);
    }
    expected.set(seal.message, next + 1);
    end = place;
    short = next + 1 < seal.of ? { message: seal.message, of: seal.of } : undefined;
  }
  if (short !== undefined) refuseChange(index, end);
}

function refuseChange(index: number, place: number): never {
  refuse(
    36,
    `messages.${index}.content.${place}: \`thinking\` or \`redacted_thinking\` blocks in the latest assistant message cannot be modified. These blocks must remain as they were in the original response.`,
  );
}

/** What the request wants done with blocks of another prefix; undefined when it does not say. */
function bindingOf({ body }: Asked): 'error' | 'drop_block' | undefined {
  const thinking = body['thinking'];
  const binding = isObject(thinking) ? thinking['block_binding'] : undefined;
  if (!isObject(binding)) return undefined;
  return binding['prefix_mismatch_behavior'] === 'drop_block' ? 'drop_block' : 'error';
}
