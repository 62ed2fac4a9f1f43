import './fonts.css';
import '../tokens/tokens.css';
import './base.css';
import './frame.css';
import './controls.css';
import './content.css';
import './progress.css';
import './layouts.css';
