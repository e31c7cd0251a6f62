// Prints COUNT avatars of DiceBear's style Open Peeps, one JSON object a line: its drawing, and what was chosen for it.
import { once } from "node:events";

import { createAvatar } from "@dicebear/core";
import * as style from "@dicebear/open-peeps";

const backgroundColor = ["b6e3f4", "c0aede", "d1d4f9", "ffd5dc", "ffdfbf"];
const count = Number(process.argv[2]);

for (let seed = 0; seed < count; seed++) {
  const avatar = createAvatar(style, { seed: String(seed), backgroundColor });
  const { head, face, skinColor, headContrastColor, clothingColor } = avatar.toJson().extra;
  const chosen = { head, face, skin: skinColor, hair: headContrastColor, clothing: clothingColor };
  const line = JSON.stringify({ drawing: avatar.toString(), ...chosen });
  if (!process.stdout.write(line + "\n")) await once(process.stdout, "drain");
}
