import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('org', '__first__'),
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=255)),
                ('sha256', models.CharField(max_length=64)),
                ('media_type', models.CharField(max_length=120)),
                ('drop_blanks', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('reading', 'Being looked through'), ('open', 'Waits for a look'), ('registering', 'Being registered'), ('registered', 'Registered'), ('failed', 'Cannot be opened')], default='reading', max_length=11)),
                ('problem', models.CharField(blank=True, max_length=40)),
                ('pages', models.JSONField(default=list)),
                ('starts', models.JSONField(default=list)),
                ('left_out', models.JSONField(default=list)),
                ('version', models.PositiveIntegerField(default=0)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('registered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'batches',
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['reading', 'open', 'registering', 'registered', 'failed'])), name='batch_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), models.Q(('problem', ''), _negated=True), _connector='OR'), name='failed_batch_says_why')],
                'indexes': [models.Index(fields=['-made_at', '-id'], name='batch_newest')],
            },
        ),
        migrations.CreateModel(
            name='Mailbox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=400, unique=True)),
                ('uidvalidity', models.PositiveBigIntegerField(default=0)),
                ('last_uid', models.PositiveBigIntegerField(default=0)),
                ('fetched_at', models.DateTimeField(null=True)),
                ('problem', models.CharField(blank=True, max_length=40)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('next_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name_plural': 'mailboxes',
            },
        ),
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, unique=True, verbose_name='name')),
                ('webhook_url', models.CharField(blank=True, default='', max_length=400)),
                ('webhook_turn', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Sticker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=40, unique=True)),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stickers', to='registry.letter')),
            ],
        ),
        migrations.CreateModel(
            name='WatchedItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255)),
                ('signature', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('waiting', 'Being written'), ('registered', 'Registered'), ('set_aside', 'Set aside')], default='waiting', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('steady_since', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('moved', models.BooleanField(default=False)),
                ('letter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='watched_items', to='registry.letter')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('name', 'signature'), name='one_watched_item'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'registered', 'set_aside'])), name='watched_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'registered'), _negated=True), ('letter__isnull', False), _connector='OR'), name='registered_item_has_a_letter')],
                'indexes': [models.Index(fields=['state', '-id'], name='watched_state'), models.Index(fields=['name', 'state'], name='watched_name')],
            },
        ),
        migrations.CreateModel(
            name='BatchLetter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_page', models.PositiveIntegerField()),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='channels.batch')),
                ('letter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='from_batch', to='registry.letter')),
            ],
            options={
                'ordering': ['first_page'],
                'constraints': [models.UniqueConstraint(fields=('batch', 'first_page'), name='one_letter_of_a_page')],
            },
        ),
        migrations.CreateModel(
            name='MailItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uidvalidity', models.PositiveBigIntegerField()),
                ('uid', models.PositiveBigIntegerField()),
                ('kind', models.CharField(choices=[('letter', 'Letter'), ('again', 'Same mail again'), ('auto_reply', 'Automatic reply'), ('bounce', 'Not delivered'), ('notice', 'Delivery notice')], default='letter', max_length=10)),
                ('state', models.CharField(choices=[('coming', 'Being taken in'), ('registered', 'Registered'), ('kept', 'Kept'), ('set_aside', 'Set aside')], default='coming', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('message_id', models.CharField(blank=True, max_length=255)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('sender', models.CharField(blank=True, max_length=254)),
                ('subject', models.CharField(blank=True, max_length=500)),
                ('arrived_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('forced', models.BooleanField(default=False)),
                ('marked', models.BooleanField(default=False)),
                ('bounce', models.JSONField(blank=True, default=dict)),
                ('looked_at', models.DateTimeField(null=True)),
                ('about', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mails_about', to='registry.letter')),
                ('letter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mails', to='registry.letter')),
                ('looked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mailbox', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='channels.mailbox')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('mailbox', 'uidvalidity', 'uid'), name='one_mail_uid'), models.CheckConstraint(condition=models.Q(('state__in', ['coming', 'registered', 'kept', 'set_aside'])), name='mail_state_known'), models.CheckConstraint(condition=models.Q(('kind__in', ['letter', 'again', 'auto_reply', 'bounce', 'notice'])), name='mail_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'registered'), _negated=True), ('letter__isnull', False), _connector='OR'), name='registered_mail_has_a_letter'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'set_aside'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='set_aside_with_a_reason')],
                'indexes': [models.Index(fields=['state', '-id'], name='mail_state'), models.Index(fields=['digest'], name='mail_digest'), models.Index(fields=['message_id'], name='mail_message_id'), models.Index(condition=models.Q(('marked', False)), fields=['mailbox', 'id'], name='mail_not_marked')],
            },
        ),
        migrations.CreateModel(
            name='PartnerKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public', models.CharField(max_length=12, unique=True)),
                ('secret_hash', models.CharField(max_length=64)),
                ('may_deposit', models.BooleanField(default=False)),
                ('may_follow', models.BooleanField(default=False)),
                ('per_hour', models.PositiveIntegerField(default=600)),
                ('made_at', models.DateTimeField()),
                ('used_on', models.DateField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='keys', to='channels.partner')),
                ('revoked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('may_deposit', True), ('may_follow', True), _connector='OR'), name='partner_key_opens_a_door'), models.CheckConstraint(condition=models.Q(('per_hour__gte', 1)), name='partner_key_is_limited')],
            },
        ),
        migrations.CreateModel(
            name='PartnerLetter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('told_version', models.PositiveIntegerField(default=0)),
                ('parked', models.BooleanField(default=False)),
                ('letter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='from_partner', to='registry.letter')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='channels.partner')),
            ],
        ),
    ]
