import type { JsonObject } from '../../../src/model/message.ts';
import type { Issued } from './issued.ts';
import { blocksOf, isObject, objectsOf, textOf } from './json.ts';
import { refuse } from './refusal.ts';
import { type Asked, type AskedMessage, runsOf } from './request.ts';

/** The keys of each block; a block with any other key is refused, as the API does. */
const BLOCK_FIELDS: Readonly<Record<string, readonly string[]>> = {
  text: ['text', 'cache_control', 'citations'],
  image: ['source', 'cache_control', 'transformations'],
  document: ['source', 'cache_control', 'citations', 'context', 'title'],
  search_result: ['content', 'source', 'title', 'cache_control', 'citations'],
  tool_use: ['id', 'name', 'input', 'cache_control', 'caller', 'toolset_name'],
  tool_result: ['tool_use_id', 'content', 'is_error', 'cache_control', 'toolset_name'],
  // A marker on thinking has an error of its own.
  thinking: ['thinking', 'signature', 'cache_control'],
  redacted_thinking: ['data', 'cache_control'],
};

const RESULT_BLOCKS = ['text', 'image', 'document', 'search_result'];

const BLOCKS_OF_ROLE: Readonly<Record<string, readonly string[]>> = {
  user: ['text', 'image', 'document', 'search_result', 'tool_result'],
  assistant: ['text', 'tool_use', 'thinking', 'redacted_thinking'],
  system: ['text'],
};

/** Items 8 to 24 and 43: the conversation, message by message and then as a whole. */
export function checkMessages(asked: Asked, issued: Issued): void {
  const sent = asked.body['messages'];
  if (!Array.isArray(sent)) refuse(8, 'messages: Field required');
  const { messages } = asked;
  const first = messages[0];
  if (sent.length === 0 || first === undefined) refuse(8, 'messages: at least one message is required');
  if (sent.length > 100_000) refuse(8, 'messages: List should have at most 100000 items');
  if (messages.length < sent.length) refuse(10, 'messages: Input should be a valid list of dictionaries');
  for (const message of messages) checkRole(message);
  if (first.role === 'system') refuse(24, 'messages.0: a system message must follow a user message');
  if (first.role !== 'user') refuse(9, 'messages: first message must use the "user" role');
  for (const message of messages) checkContent(message, asked, issued, message === messages.at(-1));
  checkEnd(asked, issued);
  checkCalls(messages);
  checkSystemMessages(asked);
}

function checkRole({ role, index, fields }: AskedMessage): void {
  if (!Object.hasOwn(BLOCKS_OF_ROLE, role)) {
    refuse(10, `messages.${index}.role: Input should be 'user', 'assistant' or 'system'`);
  }
  const allowed = role === 'system' ? ['role', 'content', 'output_config', 'clear_at'] : ['role', 'content'];
  const extra = Object.keys(fields).find((name) => !allowed.includes(name));
  if (extra !== undefined) refuse(5, `messages.${index}.${extra}: Extra inputs are not permitted`);
}

function checkContent(message: AskedMessage, asked: Asked, issued: Issued, isLast: boolean): void {
  const { role, index, blocks, fields } = message;
  const content = fields['content'];
  if (typeof content !== 'string' && !Array.isArray(content)) {
    refuse(14, `messages.${index}.content: Field required`);
  }
  if (Array.isArray(content) && blocks.length < content.length) {
    refuse(21, `messages.${index}.content: Input should be a valid list of dictionaries`);
  }
  if (blocks.length === 0 && !(isLast && role === 'assistant')) {
    refuse(
      14,
      `messages.${index}: all messages must have non-empty content except for the optional final assistant message`,
    );
  }
  for (const [place, block] of blocks.entries())
    checkBlock(block, `messages.${index}.content.${place}`, role, asked, issued);
}

function checkBlock(block: JsonObject, at: string, role: string, asked: Asked, issued: Issued): void {
  const type = textOf(block['type']);
  const fields = BLOCK_FIELDS[type];
  // A block type from the future is legal where the server itself has put it.
  if (fields === undefined && role === 'assistant' && issued.isOwn(block)) return;
  if (!BLOCKS_OF_ROLE[role]?.includes(type) || fields === undefined) {
    refuse(
      type === 'document' ? 43 : 21,
      `${at}: Input tag '${type}' found using 'type' does not match any of the expected tags for role "${role}"`,
    );
  }
  const extra = Object.keys(block).find((name) => name !== 'type' && !fields.includes(name));
  if (extra !== undefined) refuse(5, `${at}.${type}.${extra}: Extra inputs are not permitted`);
  if (type === 'text') checkText(block, at, role, asked);
  if (type === 'tool_use') checkCall(block, at);
  if (type === 'tool_result') checkResult(block, at);
}

function checkText(block: JsonObject, at: string, role: string, asked: Asked): void {
  if (typeof block['text'] !== 'string') refuse(13, `${at}.text.text: Field required`);
  if (block['text'] === '' && block['cache_control']) {
    refuse(41, `${at}.text: cache_control cannot be set for empty text blocks`);
  }
  if (block['text'].trim() === '') refuse(13, 'messages: text content blocks must be non-empty');
  if (role === 'user' && asked.version === '2026-10-21' && objectsOf(block['citations']).length > 0) {
    refuse(43, `${at}.text.citations: Extra inputs are not permitted`);
  }
}

function checkCall(block: JsonObject, at: string): void {
  if (!/^[a-zA-Z0-9_-]+$/.test(textOf(block['id']))) {
    refuse(19, `${at}.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'`);
  }
  if (!isObject(block['input'])) refuse(20, `${at}.tool_use.input: Input should be a valid dictionary`);
  if (textOf(block['name']) === '') refuse(25, `${at}.tool_use.name: Field required`);
}

function checkResult(block: JsonObject, at: string): void {
  if (typeof block['tool_use_id'] !== 'string') refuse(16, `${at}.tool_result.tool_use_id: Field required`);
  const content = blocksOf(block['content']);
  if (block['is_error'] === true && content.length === 0) {
    refuse(22, `${at}.tool_result: content cannot be empty if \`is_error\` is true`);
  }
  for (const [place, part] of content.entries()) {
    if (!RESULT_BLOCKS.includes(textOf(part['type']))) {
      refuse(
        21,
        `${at}.tool_result.content.${place}: Input tag '${textOf(part['type'])}' does not match any of the expected tags`,
      );
    }
    // Only blocks must have text: a plain string may be blank.
    if (Array.isArray(block['content']) && part['type'] === 'text' && textOf(part['text']).trim() === '') {
      refuse(13, 'messages: text content blocks must be non-empty');
    }
  }
}

/** Items 11 and 12: how a conversation may end. A paused reply is the one that may stand last. */
function checkEnd({ messages, rules }: Asked, issued: Issued): void {
  const last = messages.at(-1);
  if (last?.role !== 'assistant' || issued.isPaused(last.blocks)) return;
  if (!rules.prefill) {
    refuse(11, 'This model does not support assistant message prefill. The conversation must end with a user message.');
  }
  if (/\s$/.test(textOf(last.blocks.at(-1)?.['text']))) {
    refuse(12, 'messages: final assistant content cannot end with trailing whitespace');
  }
}

/** Items 15 to 18 and 23: every call has one result, at the head of the very next message. */
function checkCalls(messages: readonly AskedMessage[]): void {
  const all = messages.flatMap(({ blocks }) => blocks).filter((block) => block['type'] === 'tool_use');
  if (new Set(all.map((call) => call['id'])).size < all.length) refuse(18, 'messages: `tool_use` ids must be unique');

  let open: string[] = [];
  let openAt = 0;
  for (const run of runsOf(messages)) {
    const placed = run.flatMap(({ index, blocks }) =>
      blocks.map((block, place) => ({ block, at: `messages.${index}.content.${place}` })),
    );
    checkResults(placed, open);
    const fromUser = run[0]?.role === 'user';
    const answered = fromUser ? leadingResults(run.flatMap(({ blocks }) => blocks)) : [];
    checkAnswered(open, answered, openAt, fromUser ? 15 : 23);
    open = placed.flatMap(({ block }) => (block['type'] === 'tool_use' ? [textOf(block['id'])] : []));
    openAt = run.at(-1)?.index ?? 0;
  }
  checkAnswered(open, [], openAt, 15);
}

/** The ids answered before any other content. */
function leadingResults(blocks: readonly JsonObject[]): string[] {
  const end = blocks.findIndex((block) => block['type'] !== 'tool_result');
  return blocks.slice(0, end === -1 ? blocks.length : end).map((block) => textOf(block['tool_use_id']));
}

function checkAnswered(open: readonly string[], answered: readonly string[], index: number, item: number): void {
  const missing = open.filter((id) => !answered.includes(id));
  if (missing.length === 0) return;
  refuse(
    item,
    `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
  );
}

function checkResults(placed: ReadonlyArray<{ block: JsonObject; at: string }>, open: readonly string[]): void {
  const seen = new Set<string>();
  for (const { block, at } of placed) {
    if (block['type'] !== 'tool_result') continue;
    const id = textOf(block['tool_use_id']);
    if (!open.includes(id)) {
      refuse(
        16,
        `${at}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
      );
    }
    if (seen.has(id)) {
      refuse(
        17,
        `${at}: each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${id}`,
      );
    }
    seen.add(id);
  }
}

/** Item 24: system messages stand after a user message, and last or before an assistant message. */
function checkSystemMessages({ messages, rules, betas }: Asked): void {
  const runs = runsOf(messages);
  for (const [place, run] of runs.entries()) {
    const head = run[0];
    if (head?.role !== 'system') continue;
    const at = `messages.${head.index}`;
    if (!rules.systemMessages) refuse(24, `${at}.role: Input should be 'user' or 'assistant'`);
    if (runs[place - 1]?.[0]?.role !== 'user') refuse(24, `${at}: a system message must follow a user message`);
    const next = runs[place + 1]?.[0]?.role;
    if (next !== undefined && next !== 'assistant') {
      refuse(24, `${at}: a system message must be last or be followed by an assistant message`);
    }
    for (const { fields } of run) {
      if (fields['output_config'] !== undefined && !betas.has('mid-conversation-output-config-2026-07-01')) {
        refuse(5, `${at}.output_config: Extra inputs are not permitted`);
      }
      if (fields['clear_at'] !== undefined && !betas.has('mid-conversation-system-clear-at-2026-08-21')) {
        refuse(5, `${at}.clear_at: Extra inputs are not permitted`);
      }
    }
  }
}
