#!/usr/bin/perl
# The plan of the house: a file stands above all that it includes, and no two
# folders include each other. FLOORS says which folder or file is on which
# floor; the longest match counts. Prints each include that points up.
use strict;
use warnings;

my %floor = (
	'kb' => 0, 'config' => 0, 'bot/base' => 0,
	'bot/store' => 1, 'bot/net' => 1, 'bot/say' => 1, 'bot/chat.h' => 1,
	'bot/command.c' => 2, 'bot/command.h' => 2, 'bot/quiz' => 2,
	'bot/e2ee' => 2,
	'bot/commands' => 3,
	'bot/bot.c' => 4, 'bot/bot.h' => 4, 'bot/bot_private.h' => 4,
	'bot/worker.c' => 4, 'bot/outbox.c' => 4,
	'bot/flood.c' => 4, 'bot/flood.h' => 4,
	'bot/breaker.c' => 4, 'bot/breaker.h' => 4,
	'bot/console' => 4, 'bot/matrix' => 4, 'bot/irc' => 4,
	'bot/networks.def' => 4,
	'bot/main.c' => 5, 'bot/cli' => 5,
);
# Files that no other folder may know, though their floor would let it.
my @apart = (
	[qr{^(kb|config)/}, qr{^bot/}, 'kb and config know nothing of the bot'],
	[qr{^kb/}, qr{^config/}, 'kb knows no configuration'],
	[qr{^config/}, qr{^kb/}, 'config knows no notes'],
	[qr{^bot/(bot|bot_private|worker|outbox)\.}, qr{^bot/(console|matrix|irc|commands)/},
		'the bot is handed its networks and commands'],
	[qr{^bot/(console|matrix|irc)/}, qr{^bot/(bot|bot_private|command)\.h|^bot/commands/},
		'a network knows neither the bot nor its commands'],
);
# Libraries that one room alone knows.
my %only = (
	'curl/' => qr{^bot/net/},
	'cjson/' => qr{^bot/base/json\.c$},
	'editline/' => qr{^bot/console/terminal\.c$},
	'sqlite3.h' => qr{^kb/sqlite\.h$|^kb/fulltext},
	'cmark' => qr{^kb/},
	'yaml.h' => qr{^kb/},
	'libstemmer' => qr{^kb/},
);

sub floor_of {
	my ($path) = @_;
	for (my $p = $path; $p ne ''; $p =~ s{/?[^/]*$}{}) {
		return $floor{$p} if exists $floor{$p};
	}
	return undef;
}

my @files = glob('config/*.[ch] kb/*.[ch] kb/*/*.[ch] bot/*.[ch] bot/*/*.[ch] bot/*/*/*.[ch]');
my (@wrong, %edges);
my $includes = 0;
for my $file (@files) {
	my $own = floor_of($file);
	push @wrong, "$file is on no floor" unless defined $own;
	open my $in, '<', $file or die "$file: $!";
	while (<$in>) {
		if (/^#\s*include\s*<([^>]+)>/) {
			my $header = $1;
			for my $library (keys %only) {
				push @wrong, "$file:$.: <$header> is not for this room"
					if index($header, $library) == 0 && $file !~ $only{$library};
			}
		}
		next unless /^#\s*include\s*"([^"]+)"/ && defined $own;
		my $other = $1;
		$other =~ s/\.sql\.h$/.sql/;
		$includes++;
		my $its = floor_of($other);
		push @wrong, "$file:$.: $other points up" if !defined $its || $its > $own;
		for my $rule (@apart) {
			my ($who, $whom, $why) = @$rule;
			push @wrong, "$file:$.: $other: $why" if $file =~ $who && $other =~ $whom;
		}
		(my $from = $file) =~ s{/[^/]*$}{};
		(my $to = $other) =~ s{/[^/]*$}{};
		# Files of bot/ itself stand on floors of their own.
		$edges{$from}{$to} = "$file:$." if $from ne $to && $from ne 'bot' && $to ne 'bot';
	}
	close $in;
}

# A circle between folders, found by walking from each.
for my $start (sort keys %edges) {
	my @walk = ([$start]);
	my %seen;
	while (my $way = shift @walk) {
		for my $next (sort keys %{ $edges{ $way->[-1] } || {} }) {
			if ($next eq $start) {
				push @wrong, 'a circle: ' . join(' -> ', @$way, $start);
				@walk = ();
				last;
			}
			# A folder below another may know the one above it, as
			# kb/dialects does kb, which lists them; bot/quiz/types too.
			push @walk, [@$way, $next] unless $seen{$next}++;
		}
	}
}
for my $pair (['kb', 'kb/dialects'], ['bot/quiz', 'bot/quiz/types']) {
	my ($above, $below) = @$pair;
	my %fine = map { $_ => 1 } "a circle: $above -> $below -> $above",
		"a circle: $below -> $above -> $below";
	@wrong = grep { !$fine{$_} } @wrong;
}

print "1..2\n";
print(($includes > 100 ? 'ok' : 'not ok') . " 1 - $includes includes in " . @files . " files were read\n");
print((@wrong ? 'not ok' : 'ok') . " 2 - every include points down\n");
print "# $_\n" for @wrong;
