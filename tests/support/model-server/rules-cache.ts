import type { Json, JsonObject } from '../../../src/model/message.ts';
import { isObject, objectsOf } from './json.ts';
import { refuse } from './refusal.ts';
import type { Asked } from './request.ts';

interface Marker {
  at: string;
  block: JsonObject;
  ttl: string;
}

/** Items 40 and 41: at most four cache markers, on blocks that can carry one, the long-lived first. */
export function checkCacheMarkers(asked: Asked): void {
  const markers: Marker[] = [];
  const mark = (at: string, block: JsonObject) => {
    const control = block['cache_control'];
    if (control !== undefined && control !== null) markers.push({ at, block, ttl: ttlOf(control, at) });
  };
  for (const [index, tool] of asked.tools.entries()) mark(`tools.${index}`, tool);
  for (const [index, block] of asked.system.entries()) mark(`system.${index}`, block);
  for (const { index, blocks } of asked.messages) {
    for (const [place, block] of blocks.entries()) {
      mark(`messages.${index}.content.${place}`, block);
      for (const part of block['type'] === 'tool_result' ? objectsOf(block['content']) : []) {
        mark(`messages.${index}.content.${place}.tool_result.content`, part);
      }
    }
  }

  for (const { at, block } of markers) {
    if (block['type'] === 'thinking' || block['type'] === 'redacted_thinking') {
      refuse(41, `${at}: cache_control cannot be set for thinking blocks`);
    }
    if (block['type'] === 'text' && block['text'] === '') {
      refuse(41, `${at}.text: cache_control cannot be set for empty text blocks`);
    }
  }

  const automatic = asked.body['cache_control'];
  const ttls = markers.map(({ ttl }) => ttl);
  let count = markers.length;
  if (automatic !== undefined && automatic !== null) {
    const ttl = ttlOf(automatic, 'cache_control');
    const last = markers.at(-1);
    const onLast = last !== undefined && last.block === asked.messages.at(-1)?.blocks.at(-1);
    if (onLast && last.ttl !== ttl)
      refuse(41, 'cache_control: the last block already has a cache_control with another ttl');
    if (!onLast) {
      count += 1;
      ttls.push(ttl);
    }
  }
  if (count > 4) refuse(40, `A maximum of 4 blocks with cache_control may be provided. Found ${count}.`);
  if (ttls.lastIndexOf('1h') > ttls.indexOf('5m') && ttls.includes('5m')) {
    refuse(41, "cache_control: a ttl='1h' block must not come after a ttl='5m' block");
  }
}

function ttlOf(control: Json, at: string): string {
  const ttl = isObject(control) ? (control['ttl'] ?? '5m') : '';
  if (!isObject(control) || control['type'] !== 'ephemeral' || (ttl !== '5m' && ttl !== '1h')) {
    refuse(41, `${at}.cache_control: Input should be {"type": "ephemeral", "ttl": "5m" or "1h"}`);
  }
  return ttl;
}
