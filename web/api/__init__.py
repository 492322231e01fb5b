"""What programs ask of the bot, by JSON: the same acts as the pages, through the same parts."""
