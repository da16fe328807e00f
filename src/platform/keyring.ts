import { messageOf } from '../errors.ts';

/** The system's own store of secrets: Keychain, Credential Manager, Secret Service. Keys are kept there and nowhere else. */
export interface Keyring {
  /** What people call it on this system. */
  readonly name: string;
  /** Undefined when nothing is kept under this account. Throws when the store is locked or gone. */
  read(account: string): string | undefined;
  write(account: string, secret: string): void;
  /** False when there was nothing to remove. */
  remove(account: string): boolean;
}

/** A keyring, or why there is none. */
export type KeyringSearch = { keyring: Keyring } | { keyring?: undefined; reason: string };

const SERVICE = 'nex';

/** Opens this system's keyring. Never throws: a machine without one is an ordinary machine. */
export async function openKeyring(platform: NodeJS.Platform = process.platform): Promise<KeyringSearch> {
  try {
    const { Entry } = await import('@napi-rs/keyring');
    // The kernel's own keyring would do, too, but forgets everything when the machine is switched off.
    const entry = (account: string) => new Entry(SERVICE, account, { linux: { store: 'secret-service' } });
    // Only a look tells whether the store answers.
    entry('probe').getPassword();
    return {
      keyring: {
        name: keyringName(platform),
        read: (account) => entry(account).getPassword() ?? undefined,
        write: (account, secret) => entry(account).setPassword(secret),
        remove: (account) => entry(account).deletePassword(),
      },
    };
  } catch (error) {
    return { reason: reasonOf(messageOf(error)) };
  }
}

/** Why there is none, in a few words: without a desktop session there is no bus to ask on. */
function reasonOf(message: string): string {
  if (/dbus|secret.service/i.test(message)) return 'no Secret Service answers on this session';
  if (/cannot find (module|package)/i.test(message)) return 'its native part is not installed here';
  return message.split('\n')[0] ?? '';
}

/** What people call the keyring of a system. */
export function keyringName(platform: NodeJS.Platform): string {
  switch (platform) {
    case 'darwin':
      return 'Keychain';
    case 'win32':
      return 'Windows Credential Manager';
    default:
      return 'keyring (Secret Service)';
  }
}
