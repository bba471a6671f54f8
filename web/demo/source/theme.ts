// Loaded before the page is painted: dark or light, as the system has it or as was chosen here.
import { applyTheme } from './theme_choice.js';

applyTheme();
