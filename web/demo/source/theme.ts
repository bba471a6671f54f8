// Loaded before the page is painted: dark or light, as chosen here or as the system has it.
import { applyTheme } from './theme_choice.js';

applyTheme();
