import type { ModelRequest, Usage } from './model.ts';

/** US dollars a million tokens. */
interface Price {
  input: number;
  output: number;
  cacheWrite5m: number;
  cacheWrite1h: number;
  cacheRead: number;
}

/** What is known of a model. `maxOutput` and `window` are tokens, undefined when nobody told. */
export interface ModelFacts {
  /** From the smallest prompt up: the first band whose `upTo` (prompt tokens, cache included) holds prices the whole call. */
  bands: ReadonlyArray<{ upTo: number; price: Price }>;
  window: number | undefined;
  maxOutput: number | undefined;
}

export type PriceTable = ReadonlyMap<string, ModelFacts>;

/** `[prices.<model>]` of the global config: dollars a million tokens. */
export type PriceOverrides = Readonly<
  Record<
    string,
    Readonly<Partial<Record<'input' | 'output' | 'cache_write_5m' | 'cache_write_1h' | 'cache_read', number>>>
  >
>;

/** Compared with the published prices on 2026-11-21. */
const KNOWN: PriceTable = new Map([
  [
    'claude-sonnet-5-5',
    {
      bands: [{ upTo: Infinity, price: { input: 2, output: 10, cacheWrite5m: 2.5, cacheWrite1h: 4, cacheRead: 0.1 } }],
      window: 1_000_000,
      maxOutput: 128_000,
    },
  ],
  [
    'claude-haiku-5-5',
    {
      bands: [
        { upTo: 100_000, price: { input: 0.1, output: 0.5, cacheWrite5m: 0.125, cacheWrite1h: 0.2, cacheRead: 0.01 } },
        { upTo: Infinity, price: { input: 0.5, output: 2.5, cacheWrite5m: 0.625, cacheWrite1h: 1, cacheRead: 0.05 } },
      ],
      window: 1_000_000,
      maxOutput: 128_000,
    },
  ],
]);

/** The beginning of a model's id, and the day on which it went out of service. */
const RETIRED: ReadonlyArray<readonly [string, string]> = [
  ['claude-sonnet-4-20250514', '2026-06-15'],
  ['claude-opus-4-20250514', '2026-06-15'],
  ['claude-opus-4-1-20250805', '2026-08-05'],
  ['claude-3-7-sonnet', '2026-02-19'],
  ['claude-3-5-haiku', '2026-02-19'],
  ['claude-3-haiku', '2026-04-20'],
];

/** The day (`2026-06-15`) on which a model was retired; undefined when it was not, as far as known. */
export function retiredOn(modelId: string): string | undefined {
  return RETIRED.find(([start]) => modelId.startsWith(start))?.[1];
}

/** The current model that does the work of an older `claude-*` one; undefined for other vendors' models. */
export function successorOf(modelId: string): string | undefined {
  if (!modelId.startsWith('claude-')) return undefined;
  return modelId.includes('haiku') ? 'claude-haiku-5-5' : 'claude-sonnet-5-5';
}

/**
 * The built-in table with the user's own prices laid over it. A model that is not built in needs at least
 * `input` and `output`; cache prices left out are the usual multiples of `input`, reads at its full price.
 */
export function priceTable(overrides: PriceOverrides = {}): PriceTable {
  const table = new Map(KNOWN);
  for (const [modelId, own] of Object.entries(overrides)) {
    const facts = KNOWN.get(modelId) ?? factsFrom(own);
    if (facts)
      table.set(modelId, { ...facts, bands: facts.bands.map((band) => ({ ...band, price: over(band.price, own) })) });
  }
  return table;
}

type OwnPrices = PriceOverrides[string];

function factsFrom({ input, output }: OwnPrices): ModelFacts | undefined {
  if (input === undefined || output === undefined) return undefined;
  const price = { input, output, cacheWrite5m: 1.25 * input, cacheWrite1h: 2 * input, cacheRead: input };
  return { bands: [{ upTo: Infinity, price }], window: undefined, maxOutput: undefined };
}

function over(price: Price, own: OwnPrices): Price {
  return {
    input: own.input ?? price.input,
    output: own.output ?? price.output,
    cacheWrite5m: own.cache_write_5m ?? price.cacheWrite5m,
    cacheWrite1h: own.cache_write_1h ?? price.cacheWrite1h,
    cacheRead: own.cache_read ?? price.cacheRead,
  };
}

/** What a call cost in US dollars; null when the model's price is unknown or the server did not count. */
export function costOf(modelId: string, usage: Usage, table: PriceTable): number | null {
  if (usage.input === undefined || usage.output === undefined) return null;
  const prompt = usage.input + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h;
  const price = priceFor(modelId, prompt, table);
  if (!price) return null;
  const millionths =
    usage.input * price.input +
    usage.cacheWrite5m * price.cacheWrite5m +
    usage.cacheWrite1h * price.cacheWrite1h +
    usage.cacheRead * price.cacheRead +
    usage.output * price.output;
  return millionths / 1_000_000;
}

/** What a call with so many prompt tokens can cost at most, nothing of it read from the cache; null when unknown. */
export function worstCaseOf(
  modelId: string,
  tokens: { input: number; output: number },
  table: PriceTable,
): number | null {
  const price = priceFor(modelId, tokens.input, table);
  if (!price) return null;
  // nex marks for five minutes only, so that is the dearest an input token can get.
  return (tokens.input * Math.max(price.input, price.cacheWrite5m) + tokens.output * price.output) / 1_000_000;
}

/** The window of a model, undefined when nobody told, and how long a prompt may be before it is priced higher. */
export function limitsOf(modelId: string, table: PriceTable): { window: number | undefined; cheapUpTo: number } {
  const facts = table.get(modelId);
  return { window: facts?.window, cheapUpTo: facts?.bands[0]?.upTo ?? Infinity };
}

function priceFor(modelId: string, promptTokens: number, table: PriceTable): Price | undefined {
  return table.get(modelId)?.bands.find(({ upTo }) => promptTokens <= upTo)?.price;
}

const MAIN_OUTPUT = 32_000;
const SIDE_OUTPUT = 8_000;

/** The `max_tokens` of a request: what it asks for or the default of its purpose, never above what the model can do. */
export function maxTokensOf(modelId: string, request: Pick<ModelRequest, 'maxTokens' | 'purpose'>): number {
  const wanted = request.maxTokens ?? (request.purpose === 'main' ? MAIN_OUTPUT : SIDE_OUTPUT);
  return Math.min(wanted, KNOWN.get(modelId)?.maxOutput ?? wanted);
}
