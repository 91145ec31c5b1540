// Read by the DSFR's script as it loads: nothing in the console of a visitor.
window.dsfr = { production: true };
