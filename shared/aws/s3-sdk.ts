/** What the functions call of this client, by name, so that their packages hold nothing else of it. */
XX;
