import { CapReached, NexError } from '../errors.ts';
import type { Model, ModelRequest, Purpose, Usage } from './model.ts';
import { costOf, maxTokensOf, type PriceTable, worstCaseOf } from './prices.ts';

/** Tokens and money of several calls. `costUsd` is null when the price of one of them is unknown. */
export interface Totals {
  requests: number;
  inputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  outputTokens: number;
  costUsd: number | null;
}

/** One call that was answered, or cut off in the middle (`cut`: its output is an estimate). */
export interface UsageRecord {
  purpose: Purpose;
  model: string;
  usage: Usage;
  costUsd: number | null;
  taskCostUsd: number | null;
  requestId?: string;
  cut?: true;
}

/** What a day has cost so far, in all processes of this user, in US dollars. */
export interface DayAccount {
  spent(): number;
  /** Adds to it; takes away what was only reserved. */
  note(usd: number): void;
}

export interface MeterOptions {
  prices: PriceTable;
  /** For all calls through this meter together. */
  maxCostUsd?: number | undefined;
  /** For the day, with what other processes spend meanwhile. */
  maxDayCostUsd?: number | undefined;
  /** Opens the account of the day that it is. */
  today?: () => DayAccount;
  /** A notice once a task costs more; 1 dollar when absent. */
  warnAtUsd?: number;
  onUsage?: (record: UsageRecord) => void;
}

/** A call that was let through; exactly one of these ends it. */
export interface Admission {
  /** The most output it may ask for; undefined when nothing limits it. */
  maxTokens: number | undefined;
  settle(usage: Usage, requestId: string | undefined): void;
  cut(usage: Usage): void;
  /** It failed before it cost anything. */
  release(): void;
}

export interface Meter {
  /** Throws CapReached when the worst case of the call does not fit into what is left. */
  admit(modelId: string, request: ModelRequest): Admission;
  /** The figures of `task` begin anew; those of `session` and the caps go on. */
  startTask(): void;
  task(): Totals;
  session(): Totals;
  byPurpose(): ReadonlyMap<Purpose, Totals>;
}

const NO_ACCOUNT: DayAccount = { spent: () => 0, note: () => {} };

/** Less output than this is no answer worth paying for, unless the call itself asks for less. */
const LEAST_OUTPUT = 4_000;

/** Tokens that the API puts around a prompt by itself, such as its instructions for tools. */
const AROUND = 1_000;

/** Counts and limits what models cost. One meter may stand around several models; calls in flight are reserved for. */
export function createMeter(options: MeterOptions): Meter {
  const { prices, maxCostUsd, maxDayCostUsd, today = () => NO_ACCOUNT, warnAtUsd = 1, onUsage } = options;
  // An account that cannot be written still knows what was spent before.
  const spentBefore = maxDayCostUsd === undefined ? 0 : today().spent();
  const session = tally();
  const purposes = new Map<Purpose, Tally>();
  let task = tally();
  let warned = false;
  /** What calls in flight, cut or not counted by the server may have cost beyond what is known. */
  let reserved = 0;

  /** The limits, and how much of each is used up or reserved by now. */
  const caps = (day: DayAccount) => {
    const mine = session.knownUsd + reserved;
    const ofDay = maxDayCostUsd === undefined ? 0 : Math.max(day.spent(), spentBefore + mine);
    return [
      { limit: maxCostUsd, used: mine, name: 'The cost limit', flag: '--max-cost' },
      { limit: maxDayCostUsd, used: ofDay, name: "The day's cost limit", flag: '`max_cost_per_day`' },
    ].flatMap(({ limit, ...cap }) => (limit === undefined ? [] : [{ limit, ...cap }]));
  };

  const admit = (
    modelId: string,
    request: ModelRequest,
    day: DayAccount,
  ): { worst: number; maxTokens: number | undefined } => {
    if (maxCostUsd === undefined && maxDayCostUsd === undefined) return { worst: 0, maxTokens: undefined };
    const input = Math.ceil(bytesOf(request) / 2) + AROUND;
    const wanted = maxTokensOf(modelId, request);
    const worst = (output: number) => worstCaseOf(modelId, { input, output }, prices);
    const most = worst(wanted);
    const bare = worst(0);
    if (most === null || bare === null) {
      throw new NexError('config', `The price of ${modelId} is not known, so a cost limit cannot be kept.`, {
        hint: `Add [prices."${modelId}"] with \`input\` and \`output\` to your global config, or drop the limit.`,
      });
    }
    let output = wanted;
    const reached = (name: string, flag: string, limit: number, used: number) =>
      new CapReached(
        `${name} of ${usd(limit)} is reached: ${usd(used)} is used up, and the next call could cost up to ${usd(worst(Math.min(wanted, LEAST_OUTPUT)) ?? most)}.`,
        `Raise ${flag}, then go on with \`nex --continue\`.`,
      );
    for (const { limit, used, name, flag } of caps(day)) {
      const left = limit - used;
      if (most <= left) continue;
      output = Math.min(output, Math.floor(((left - bare) / (most - bare)) * wanted));
      if (output >= Math.min(wanted, LEAST_OUTPUT)) continue;
      throw reached(name, flag, limit, used);
    }
    const reserve = worst(output) ?? most;
    if (maxDayCostUsd !== undefined) {
      // Reserved first and looked at again: two processes that ask at once must not both get the rest of the day.
      day.note(reserve);
      const now = day.spent();
      if (now > maxDayCostUsd) {
        day.note(-reserve);
        throw reached("The day's cost limit", '`max_cost_per_day`', maxDayCostUsd, now - reserve);
      }
    }
    return { worst: reserve, maxTokens: output };
  };

  const count = (
    modelId: string,
    request: ModelRequest,
    usage: Usage,
    rest: Pick<UsageRecord, 'requestId' | 'cut'>,
  ) => {
    const costUsd = costOf(modelId, usage, prices);
    const purpose = purposes.get(request.purpose) ?? tally();
    purposes.set(request.purpose, purpose);
    for (const part of [session, task, purpose]) part.add(usage, costUsd);
    onUsage?.({
      purpose: request.purpose,
      model: modelId,
      usage,
      costUsd,
      taskCostUsd: task.totals().costUsd,
      ...rest,
    });
    if (!warned && request.listen && task.knownUsd > warnAtUsd) {
      warned = true;
      request.listen({ type: 'notice', text: `This task has cost ${usd(task.knownUsd)} so far.` });
    }
    return costUsd;
  };

  return {
    admit(modelId, request) {
      const day = today();
      const { worst, maxTokens } = admit(modelId, request, day);
      const held = maxDayCostUsd === undefined ? 0 : worst;
      reserved += worst;
      return {
        maxTokens,
        settle(usage, requestId) {
          const cost = count(modelId, request, usage, requestId === undefined ? {} : { requestId });
          // Without a count the worst case stays reserved for.
          if (cost === null) return;
          reserved -= worst;
          day.note(cost - held);
        },
        cut(usage) {
          // What was not seen may have been thought and paid for: beyond what is known it stays reserved.
          const cost = usage.input === undefined ? null : count(modelId, request, usage, { cut: true });
          reserved -= Math.min(worst, cost ?? 0);
          if (maxDayCostUsd === undefined) day.note(cost ?? 0);
        },
        release() {
          reserved -= worst;
          day.note(-held);
        },
      };
    },
    startTask() {
      task = tally();
      warned = false;
    },
    task: () => task.totals(),
    session: () => session.totals(),
    byPurpose: () => new Map([...purposes].map(([purpose, part]) => [purpose, part.totals()])),
  };
}

/** Every call of the model is admitted and counted. It belongs inside `withRetry`, so that each attempt is. */
export function withMeter(model: Model, meter: Meter): Model {
  return {
    ...model,
    async ask(request) {
      const admission = meter.admit(model.id, request);
      let cut: Usage | undefined;
      try {
        const reply = await model.ask({
          ...request,
          ...(admission.maxTokens === undefined ? {} : { maxTokens: admission.maxTokens }),
          onCut: (usage) => {
            cut = usage;
            request.onCut?.(usage);
          },
        });
        admission.settle(reply.usage, reply.requestId);
        return reply;
      } catch (error) {
        if (cut) admission.cut(cut);
        else admission.release();
        throw error;
      }
    },
  };
}

interface Tally {
  /** The sum of all prices that are known. */
  readonly knownUsd: number;
  add(usage: Usage, costUsd: number | null): void;
  totals(): Totals;
}

function tally(): Tally {
  const sum = { requests: 0, inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0 };
  let known = 0;
  let complete = true;
  return {
    get knownUsd() {
      return known;
    },
    add(usage, costUsd) {
      sum.requests += 1;
      sum.inputTokens += usage.input ?? 0;
      sum.cacheReadTokens += usage.cacheRead;
      sum.cacheWriteTokens += usage.cacheWrite5m + usage.cacheWrite1h;
      sum.outputTokens += usage.output ?? 0;
      known += costUsd ?? 0;
      complete &&= costUsd !== null;
    },
    totals: () => ({ ...sum, costUsd: complete ? known : null }),
  };
}

/** Bytes of everything that a request sends; a reply counts as what goes back of it. */
function bytesOf({ system, messages, tools, format }: ModelRequest): number {
  const sent = messages.map((message) =>
    message.role === 'assistant' ? (message.sealed ?? [message.text, message.calls]) : message,
  );
  return Buffer.byteLength(JSON.stringify([system, tools, sent, format ?? null]));
}

function usd(amount: number): string {
  return amount > 0 && amount < 0.01 ? `$${amount.toFixed(4)}` : `$${amount.toFixed(2)}`;
}
