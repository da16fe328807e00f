import { accountOf, type Credential, findCredential, shownKey } from '../../credential.ts';
import { NexError } from '../../errors.ts';
import { type ListedModel, listModels } from '../../model/model-list.ts';
import { retiredOn, successorOf } from '../../model/prices.ts';
import type { Settings } from '../../settings-table.ts';
import type { CliContext } from '../context.ts';
import { type Check, fail, looked, pass, warn } from './check.ts';

/** How long the server may take to answer the doctor; milliseconds. */
const PATIENCE_MS = 5000;

/** Key, server and models. One free request is sent; without a network the rest is judged by what nex knows. */
export async function checkModels(
  context: CliContext,
  settings: Pick<Settings, 'baseUrl' | 'model' | 'lightModel'>,
): Promise<Check[]> {
  const { baseUrl, model, lightModel } = settings;
  const host = accountOf(baseUrl);
  let credential: Credential | undefined;
  const key = await looked('key', async () => {
    try {
      credential = await findCredential(context.env, baseUrl, context.openKeyring);
      return pass('key', `${shownKey(credential.value)} from ${credential.source}`);
    } catch (error) {
      if (!(error instanceof NexError)) throw error;
      return fail('key', error.message, error.hint ?? '');
    }
  });
  let models: ListedModel[] | undefined;
  const server = await looked('server', async () => {
    if (!credential) return warn('server', `${host}, not asked: there is no key`, 'Set a key first.');
    try {
      const patience = AbortSignal.any([context.signal, AbortSignal.timeout(PATIENCE_MS)]);
      models = await listModels({ credential, ...(baseUrl === undefined ? {} : { baseUrl }) }, patience);
      return pass('server', models === undefined ? `${host} answers; it has no list of models` : `${host} answers`);
    } catch (error) {
      context.signal.throwIfAborted();
      if (error instanceof NexError && error.kind !== 'later')
        return fail('server', error.message, error.hint ?? 'Check ANTHROPIC_BASE_URL and the key.');
      const found = error instanceof NexError ? error.message : `${host} did not answer in ${PATIENCE_MS / 1000} s`;
      const hint = error instanceof NexError ? error.hint : undefined;
      return warn('server', found, hint ?? 'Check the network connection, or ANTHROPIC_BASE_URL.');
    }
  });
  return [key, server, judge('model', model, models), judge('light model', lightModel, models)];
}

function judge(name: string, id: string, models: readonly ListedModel[] | undefined): Check {
  const setting = name === 'model' ? 'model' : 'light_model';
  const change = (to: string) => `nex config set ${setting} ${to} --global`;
  const next = successorOf(id) ?? 'MODEL';
  const listed = models?.find((model) => model.id === id);
  const gone = retiredOn(id);
  if (listed?.lifecycle === 'retired' || (!listed && gone !== undefined))
    return fail(
      name,
      `${id} was retired${gone === undefined ? '' : ` on ${gone}`}; ${next} does its work now`,
      change(next),
    );
  if (models !== undefined && models.length > 0 && !listed)
    return fail(
      name,
      `${id} is not among the server's models: ${models
        .map((model) => model.id)
        .slice(0, 6)
        .join(', ')}`,
      change(next),
    );
  if (listed?.lifecycle === 'deprecated') {
    const until = listed.retires === undefined ? 'soon' : `on ${listed.retires.slice(0, 10)}`;
    return warn(name, `${id} will be retired ${until}; ${next} does its work`, change(next));
  }
  return pass(name, listed ? `${id}, offered by the server` : id);
}
