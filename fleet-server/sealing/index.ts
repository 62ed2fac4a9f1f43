export { type CredentialHolder, holdCredentials } from './credentials.ts';
export { type Keyring, openKeyring } from './keyring.ts';
export { type SecretTables, secretMigrations } from './tables.ts';
export {
  CENTRE,
  type OidcSecretName,
  openVault,
  resealSecrets,
  SECRET_NAMES,
  type SecretName,
  secretsOf,
  type Vault,
} from './vault.ts';
