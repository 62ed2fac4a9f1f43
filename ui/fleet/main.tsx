import '@fontsource/titillium-web/latin-400.css';
import '@fontsource/titillium-web/latin-600.css';
import '@fontsource/titillium-web/latin-700.css';
import '@fontsource/lora/latin-600.css';
import '@fontsource/roboto-mono/latin-400.css';
import './styles/roles.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/parts.css';
import './styles/dialog.css';
import './styles/fleet.css';
import './styles/terminal.css';
import './styles/pages.css';
import './styles/money.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { language, t } from './messages/index.ts';
import { applyKept } from './parts/switches.tsx';

document.documentElement.lang = language;
applyKept();
document.title = t('app.title');
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
