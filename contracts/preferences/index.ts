export { isPreferencesCode, readPreferences, writePreferences } from './preferences-codec.ts';
