#!/usr/bin/perl
# Plays every transcript beside this file on the console and compares what the
# bot says.
#
# A transcript holds lines `> WHAT IS TYPED`, below each what it prints,
# `$ OPTIONS` of the console on its first lines, and comments `# …`.
# UPDATE=1 writes what is printed now into the files: read the difference.
# RUNNER is put before the program, as in RUNNER="valgrind --error-exitcode=9".
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Temp qw(tempdir tempfile);

my $build = $ENV{BUILD} || 'build';
my $here = dirname($0);
my @files = @ARGV ? @ARGV : sort glob("$here/*.txt");
my $cache = tempdir(CLEANUP => 1);

sub play { # OPTIONS, LINES -> what is printed, exit status
	my ($options, $lines) = @_;
	my ($in, $name) = tempfile(UNLINK => 1);
	print $in map { "$_\n" } @$lines;
	close $in;
	my $runner = $ENV{RUNNER} || '';
	my $out = `env -u LANG -u LANGUAGE -u LC_ALL XDG_CACHE_HOME=$cache XDG_CONFIG_HOME=$cache LANG=C.UTF-8 $runner $build/znatok console --script $options < $name 2>&1`;
	$out =~ s/[ \t]+$//mg;
	return ($out, $?);
}

print "1.." . scalar(@files) . "\n";
my $test = 0;
for my $file (@files) {
	open my $in, '<', $file or die "$file: $!";
	my (@head, @typed, @expected, %comments);
	my $options = '';
	while (my $line = <$in>) {
		chomp $line;
		if ($line =~ /^\$ (.*)/) {
			$options .= " $1";
			push @head, $line;
		} elsif ($line =~ /^> ?(.*)/) {
			push @typed, $1;
		} elsif ($line =~ /^#( |$)/ || $line eq '') {
			if (!@typed) { push @head, $line }
			elsif ($line ne '') { push @{ $comments{@typed} }, $line }
		} else {
			$line =~ s/[ \t]+$//;
			push @expected, $line;
		}
	}
	close $in;
	my ($out, $status) = play($options, \@typed);
	if ($ENV{UPDATE}) {
		# What each line adds is known by playing the lines before it.
		my @text = @head;
		my $before = 0;
		for my $n (1 .. @typed) {
			my ($so_far) = play($options, [@typed[0 .. $n - 1]]);
			push @text, @{ $comments{ $n - 1 } || [] } if $n > 1;
			push @text, "> $typed[$n - 1]";
			my $added = substr($so_far, $before);
			push @text, split /\n/, $added;
			$before = length $so_far;
		}
		push @text, @{ $comments{@typed} || [] };
		open my $new, '>', $file or die "$file: $!";
		print $new map { "$_\n" } @text;
		close $new;
		@expected = split /\n/, $out;
	}
	$test++;
	# Blank lines separate; the bot's own ones are indented and then trimmed.
	my @got = grep { $_ ne '' } split /\n/, $out;
	@expected = grep { $_ ne '' } @expected;
	my $same = $status == 0 && join("\n", @got) eq join("\n", @expected);
	print(($same ? 'ok' : 'not ok') . " $test - $file\n");
	next if $same;
	print "# exit status $status\n" if $status;
	my ($e, $ename) = tempfile(UNLINK => 1);
	print $e map { "$_\n" } @expected;
	close $e;
	my ($g, $gname) = tempfile(UNLINK => 1);
	print $g map { "$_\n" } @got;
	close $g;
	print map { "# $_" } `diff -u --label expected --label printed $ename $gname`;
}
